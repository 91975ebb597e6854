import type { Firing, WindowPartial } from '@highwater/model';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { restoreOperator, snapshotOperator, WindowOperator, type View } from '../src/index.ts';
import { point } from './operator-harness.ts';
import { PlainWindows, type PlainPartial } from './plain-windows.ts';

export const anyPoint = fc.record({
  kind: fc.constant('point' as const),
  timeMs: fc.integer({ min: -40, max: 100 }),
  value: fc.integer({ min: -100, max: 100 }).map((tenths) => tenths / 10),
  key: fc.constantFrom<string>('a', 'b', 'c'),
  /** Some arrive before they say that they happened. */
  aheadMs: fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 60 })),
  /** More of the same record follows. */
  isInRecord: fc.boolean(),
});
export const anyStep = fc.oneof(
  { weight: 12, arbitrary: anyPoint },
  { weight: 3, arbitrary: fc.constant({ kind: 'batch_end' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('idle' as const, 'early' as const),
      endMsMax: fc.integer({ min: -40, max: 130 }),
    }),
  },
);
export type Step = typeof anyStep extends fc.Arbitrary<infer Item> ? Item : never;

/** The engine and the definition, side by side. */
export class BothWindows {
  readonly plain: PlainWindows;
  engine: WindowOperator;
  #sequence = 0;
  #arrivalTimeMs = 0;
  #isInRecord = false;

  readonly one: View;
  readonly outOfOrdernessMs: number;

  constructor(one: View, outOfOrdernessMs: number) {
    this.one = one;
    this.outOfOrdernessMs = outOfOrdernessMs;
    this.plain = new PlainWindows(one, outOfOrdernessMs);
    this.engine = new WindowOperator(this.options);
  }

  get options() {
    const maxFutureSkewMs = Number.POSITIVE_INFINITY;
    const { one, outOfOrdernessMs } = this;
    return { views: [one], source: 's', outOfOrdernessMs, maxFutureSkewMs };
  }

  take(step: Step): void {
    if (step.kind === 'point') {
      if (!this.#isInRecord) {
        this.#sequence += 1;
        this.#arrivalTimeMs = step.timeMs - step.aheadMs;
      }
      const origin = {
        sequenceNumber: String(this.#sequence),
        arrivalTimeMs: this.#arrivalTimeMs,
      };
      const added = point(step.timeMs, step.value, step.key);
      assert.equal(this.engine.add(added, origin), this.plain.add(added, origin));
      this.#isInRecord = step.isInRecord;
      if (!step.isInRecord) this.endRecord();
      return;
    }
    // A batch ends before the next step.
    this.#agree(this.engine.drain(), this.plain.drain());
    if (step.kind === 'idle' || step.kind === 'early') this.fire(step.kind, step.endMsMax);
    if (step.kind === 'restart') this.restart();
    assert.deepEqual(this.engine.replayFrom, this.plain.replayFrom);
    assert.equal(this.engine.openWindows, this.plain.openWindows);
  }

  endRecord(): void {
    this.#isInRecord = false;
    this.engine.endRecord();
    this.plain.endRecord();
  }

  restart(): void {
    const { operator, dropped } = restoreOperator(snapshotOperator(this.engine), this.options);
    assert.deepEqual(dropped, []);
    assert.equal(operator.sequenceNumber, this.engine.sequenceNumber);
    assert.equal(operator.watermarkMs, this.engine.watermarkMs);
    assert.equal(operator.recordMs, this.engine.recordMs);
    assert.equal(operator.newestEventTimeMs, this.engine.newestEventTimeMs);
    this.engine = operator;
  }

  fire(firing: Firing, endMsMax: number): void {
    this.#agree(this.engine.fire(firing, endMsMax), this.plain.fire(firing, endMsMax));
  }

  #agree(emitted: Iterable<WindowPartial>, expected: readonly PlainPartial[]): void {
    const partials = [...emitted].map(({ view: _view, revision: _revision, source, ...rest }) => {
      assert.equal(source, 's');
      return rest;
    });
    assert.deepEqual(inOrder(partials), inOrder(expected));
    const ends = partials.map(({ endMs }) => endMs);
    // The windows that take no more points come before the others.
    const falls = ends.filter((endMs, index) => endMs < (ends[index - 1] ?? endMs));
    assert(falls.length <= 1, `ends of windows: ${ends.join()}`);
  }
}

function inOrder(partials: readonly PlainPartial[]): PlainPartial[] {
  const place = ({ startMs, series }: PlainPartial) =>
    `${startMs + 1_000} ${JSON.stringify(series)}`;
  return partials.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
