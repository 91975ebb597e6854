import type { WindowPartial } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRow, restoreOperator, snapshotOperator, WindowOperator } from '../src/index.ts';
import { anyPoint } from './both-windows.ts';
import { point, view } from './operator-harness.ts';

const one = view({
  window: { hopping: { size: '20ms', every: '8ms' } },
  allowedLateness: '15ms',
  aggregates: ['avg', 'max', 'last', 'variance', 'p90'],
});

/** The final rows of the store: the join of all partials, in whatever order they were emitted. */
class Join {
  readonly #rows = new Map<string, Map<string, WindowPartial>>();

  take(partials: Iterable<WindowPartial>): void {
    for (const partial of partials) {
      const key = JSON.stringify([partial.startMs, partial.series]);
      const sources = this.#rows.get(key) ?? new Map<string, WindowPartial>();
      this.#rows.set(key, sources);
      const known = sources.get(partial.source);
      if (!known || known.contributions < partial.contributions)
        sources.set(partial.source, partial);
    }
  }

  rows(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.#rows].map(([key, sources]) => {
        const partials = [...sources.keys()].toSorted().flatMap((name) => sources.get(name) ?? []);
        const [first] = partials;
        if (!first) throw new Error('a row has a partial');
        const { series, startMs, endMs } = first;
        const identity = { view: one, series, window: { startMs, endMs } };
        return [key, foldRow(identity, partials, 'complete')];
      }),
    );
  }
}

class Shard {
  readonly #options;
  readonly #join: Join;
  #operator: WindowOperator;
  #sequence = 0;

  constructor(source: string, join: Join) {
    const maxFutureSkewMs = Number.POSITIVE_INFINITY;
    this.#options = { views: [one], source, outOfOrdernessMs: 10, maxFutureSkewMs };
    this.#operator = new WindowOperator(this.#options);
    this.#join = join;
  }

  add({ timeMs, value, key }: { timeMs: number; value: number; key: string }): void {
    const origin = { sequenceNumber: String(++this.#sequence), arrivalTimeMs: timeMs };
    this.#operator.add(point(timeMs, value, key), origin);
    this.#operator.endRecord();
  }

  endBatch(): void {
    this.#join.take(this.#operator.drain());
  }

  restart(): void {
    this.endBatch();
    this.#operator = restoreOperator(snapshotOperator(this.#operator), this.#options).operator;
  }

  end(): void {
    this.endBatch();
    this.#join.take(this.#operator.fire('shard_end', Number.POSITIVE_INFINITY));
  }
}

describe('several shards (case 18)', () => {
  // Goal: rows are a function only of the points in each shard. Method: distribute points over
  // shards. Run them one shard after another, then interleaved at random with batch ends and
  // restarts anywhere. The rows and their versions are equal, bit for bit.
  it('make the same rows however they are interleaved, divided into batches, and restarted', () => {
    const anyTurn = fc.record({
      shard: fc.nat(2),
      after: fc.constantFrom('go_on', 'go_on', 'end_batch', 'restart'),
    });
    const property = fc.property(
      fc.array(fc.tuple(anyPoint, fc.nat(2)), { minLength: 1, maxLength: 80 }),
      fc.array(anyTurn, { maxLength: 120 }),
      (dealt, turns) => {
        const points = [0, 1, 2].map((shard) =>
          dealt.flatMap(([each, to]) => (to === shard ? [each] : [])),
        );
        const straight = new Join();
        for (const [index, own] of points.entries()) {
          const shard = new Shard(`s${index}`, straight);
          for (const each of own) shard.add(each);
          shard.end();
        }
        const mixed = new Join();
        const shards = points.map((own, index) => ({
          shard: new Shard(`s${index}`, mixed),
          left: [...own],
        }));
        for (const turn of turns) {
          const at = shards[turn.shard];
          const next = at?.left.shift();
          if (!at || !next) continue;
          at.shard.add(next);
          if (turn.after === 'end_batch') at.shard.endBatch();
          if (turn.after === 'restart') at.shard.restart();
        }
        for (const { shard, left } of shards.toReversed()) {
          for (const each of left) shard.add(each);
          shard.end();
        }
        expect(mixed.rows()).toEqual(straight.rows());
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('make no row of an aggregate that has no value (R18)', () => {
    const join = new Join();
    const shard = new Shard('s', join);
    shard.add({ timeMs: 9, value: 1, key: 'a' });
    shard.end();
    const measures = Object.values(join.rows()).map((folded) =>
      (folded as ReturnType<typeof foldRow>).rows.map(({ measureName }) => measureName),
    );
    expect(measures[0]).toEqual(['avg_m', 'max_m', 'last_m', 'p90_m']);
  });
});
