import type { Row, WindowPartial } from '@highwater/model';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPlaced, GapFiller, OpenRows, type View } from '../src/index.ts';
import type { TimeWindow } from '../src/time-window.ts';
import { fillGap } from '../src/rows/fill-gap.ts';
import { point, view } from './operator-harness.ts';

const sizeMs = 10;

function filling(fill: object, definition: object = {}): View {
  return view({ aggregates: ['avg'], fill: { maxGap: '40ms', ...fill }, ...definition });
}

/** Rows of one series in a store that keeps the highest version. */
class Table {
  readonly #view: View;
  #open = new OpenRows();
  #gaps = new GapFiller(this.#open);
  readonly #stored = new Map<string, Row>();

  constructor(of: View) {
    this.#view = of;
  }

  get anchorsCount(): number {
    return this.#gaps.anchorsCount;
  }

  /** A source has this many points with this mean, in the window with this number. */
  put(window: number, mean: number, contributions = 1, source = 's'): void {
    const partial: WindowPartial = {
      view: 'v',
      revision: 1,
      series: point(0).series,
      startMs: window * sizeMs,
      endMs: (window + 1) * sizeMs,
      source,
      accumulator: [mean * contributions, 0],
      contributions,
      lateContributions: 0,
      firing: 'on_time',
      newestEventTimeMs: 0,
      newestArrivalTimeMs: 0,
    };
    const { place, row } = this.#open.join(this.#view, partial);
    const { version, rows } = foldPlaced({ place, row });
    if (version <= row.writtenVersion) return;
    row.writtenVersion = version;
    for (const each of rows) this.#store(each);
    if (row.kind === 'orphan') this.#gaps.forget([{ place, row }]);
    for (const each of this.#gaps.fillBeside([{ place, row }])) this.#store(each);
  }

  forgetTo(window: number, anchorsMax = 100) {
    this.#gaps.forget(this.#open.forgetTo((window + 1) * sizeMs - 1));
    return this.#gaps.settle(anchorsMax);
  }

  /** By window: the value, with the method where it is filled. */
  rows(): Record<number, string> {
    return Object.fromEntries(
      [...this.#stored.values()].map(({ time, measureValue, attributes }) => {
        const method = attributes?.[0]?.value ?? '';
        const value = String(Math.round(Number(measureValue) * 1000) / 1000);
        return [Number(time) / sizeMs - 1, method === 'none' ? value : `${value} ${method}`];
      }),
    );
  }

  #store(row: Row): void {
    const known = this.#stored.get(row.time);
    if (known?.version === row.version) assert.deepEqual(row, known);
    if (!known || known.version < row.version) this.#stored.set(row.time, row);
  }
}

describe('filling gaps', () => {
  it.each([
    [{ method: 'linear' }, { 0: '1', 1: '2 linear', 2: '3 linear', 3: '4' }],
    [{ method: 'locf' }, { 0: '1', 1: '1 locf', 2: '1 locf', 3: '4' }],
    [
      { method: 'constant', value: 0 },
      { 0: '1', 1: '0 constant', 2: '0 constant', 3: '4' },
    ],
  ])('by %j', (fill, rows) => {
    const table = new Table(filling(fill));
    table.put(0, 1);
    table.put(3, 4);
    expect(table.rows()).toEqual(rows);
  });

  it('leaves gaps open that are too long, or have only one side', () => {
    const table = new Table(filling({ method: 'linear' }));
    table.put(0, 1);
    table.put(6, 1);
    expect(Object.keys(table.rows())).toEqual(['0', '6']);
    table.put(11, 1);
    expect(Object.keys(table.rows())).toEqual(['0', '6', '7', '8', '9', '10', '11']);
  });

  it('corrects filled rows when a side is corrected, and when a row appears in the gap', () => {
    const table = new Table(filling({ method: 'linear' }));
    table.put(0, 0, 50);
    table.put(4, 4, 50);
    expect(table.rows()[2]).toBe('2 linear');
    table.put(4, 8, 51);
    expect(table.rows()[2]).toBe('4 linear');
    // Far fewer points than the side that it comes before.
    table.put(2, 10, 1);
    expect(table.rows()).toEqual({ 0: '0', 1: '5 linear', 2: '10', 3: '9 linear', 4: '8' });
  });

  it('starts a gap at a forgotten row, as long as a gap of that length is possible', () => {
    const table = new Table(filling({ method: 'linear' }));
    table.put(0, 1);
    table.forgetTo(3);
    table.put(4, 5);
    expect(table.rows()[2]).toBe('3 linear');
    expect(table.forgetTo(8)).toEqual({ expired: 0, bound: 0 });
    expect(table.forgetTo(9)).toEqual({ expired: 1, bound: 0 });
    expect(table.anchorsCount).toBe(0);
  });

  it('leaves gaps open instead of keeping more anchors than allowed', () => {
    const table = new Table(filling({ method: 'linear' }));
    table.put(0, 1);
    expect(table.forgetTo(0, 0)).toEqual({ expired: 0, bound: 1 });
    table.put(2, 3);
    expect(table.rows()).toEqual({ 0: '1', 2: '3' });
  });

  it('fills next to a row that arrived after its window was forgotten', () => {
    const table = new Table(filling({ method: 'linear' }));
    table.put(0, 1);
    table.forgetTo(2);
    table.put(2, 3);
    expect(table.rows()).toEqual({ 0: '1', 1: '2 linear', 2: '3' });
  });

  it('fills no aggregate without a value on both sides', () => {
    const two = filling({ method: 'linear' }, { aggregates: ['avg', 'stddev'] });
    const side = (start: number, values: readonly (number | undefined)[]) => ({
      window: { startMs: start, endMs: start + 10 },
      contributions: 1,
      values,
    });
    const rows = fillGap({
      view: two,
      series: point(0).series,
      before: side(0, [1, undefined]),
      after: side(20, [3, 4]),
      windows: [{ startMs: 10, endMs: 20 }],
    });
    expect(rows.map(({ measureName, measureValue }) => [measureName, measureValue])).toEqual([
      ['avg_m', '2'],
    ]);
  });

  it('measures from middle to middle if windows differ in length', () => {
    const months = filling({ method: 'linear', maxGap: '31d' }, { window: { tumbling: '1mo' } });
    const [february, march, april] = ['02', '03', '04'].map((month) => {
      const [window] = months.windows.assign(Date.parse(`2026-${month}-01T00:00:00Z`));
      if (!window) throw new Error('months tile the time line');
      return window;
    }) as [TimeWindow, TimeWindow, TimeWindow];
    const rows = fillGap({
      view: months,
      series: point(0).series,
      before: { window: february, contributions: 1, values: [0] },
      after: { window: april, contributions: 1, values: [60] },
      windows: [march],
    });
    // The middles are the days 45, 74.5 and 105 of the year.
    expect(rows.map(({ measureValue }) => Number(measureValue))).toEqual([29.5]);
  });
});

type Step =
  | { readonly put: readonly [window: number, source: string, contributions: number] }
  | { readonly forget: number };

const anyPut = fc
  .tuple(fc.nat(14), fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 5 }))
  .map((put): Step => ({ put }));

/** A source's part of a row depends only on how many points it has seen. */
function meanOf(window: number, source: string, contributions: number): number {
  return (window * 7 + contributions * 3 + (source === 'a' ? 0 : 5)) % 16;
}

// Goal: filled rows are a function of the final rows. Method: partials in any order, repeated and
// outdated. The first windows are forgotten when all of their rows were put. The table must equal a
// plain filling between the final rows, and no version ever has two contents.
it('ends as if the final rows had been known from the start, in any order', () => {
  const property = fc.property(
    fc.array(anyPut, { minLength: 1, maxLength: 40 }),
    fc.array(anyPut, { maxLength: 40 }),
    fc.nat(14),
    (some, others, border) => {
      const isBefore = (step: Step) => 'put' in step && step.put[0] <= border;
      const steps: readonly Step[] = [
        ...some,
        ...others.filter(isBefore),
        { forget: border },
        ...others.filter((step) => !isBefore(step)),
      ];
      const table = new Table(filling({ method: 'linear' }));
      const most = new Map<number, Map<string, number>>();
      for (const step of steps) {
        if ('forget' in step) {
          table.forgetTo(step.forget);
          continue;
        }
        const [window, source, contributions] = step.put;
        table.put(window, meanOf(window, source, contributions), contributions, source);
        const bySource = most.get(window) ?? new Map<string, number>();
        bySource.set(source, Math.max(contributions, bySource.get(source) ?? 0));
        most.set(window, bySource);
      }
      expect(table.rows()).toEqual(plainRows(most));
    },
  );
  fc.assert(property, { numRuns: 300 });
});

function plainRows(most: ReadonlyMap<number, ReadonlyMap<string, number>>): Record<number, string> {
  const round = (value: number) => String(Math.round(value * 1000) / 1000);
  const means = [...most]
    .map(([window, bySource]): [number, number] => {
      let [sum, points] = [0, 0];
      for (const [source, contributions] of bySource) {
        sum += meanOf(window, source, contributions) * contributions;
        points += contributions;
      }
      return [window, sum / points];
    })
    .toSorted(([a], [b]) => a - b);
  const rows: Record<number, string> = {};
  for (const [index, [window, mean]] of means.entries()) {
    rows[window] = round(mean);
    const [nextWindow, nextMean] = means[index + 1] ?? [window, mean];
    if (nextWindow - window - 1 > 4) continue;
    for (let at = window + 1; at < nextWindow; at++) {
      const part = (at - window) / (nextWindow - window);
      rows[at] = `${round(mean + (nextMean - mean) * part)} linear`;
    }
  }
  return rows;
}
