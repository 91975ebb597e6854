import { seriesKey, type Series, type WindowPartial } from '@highwater/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasSource, joinSource, newViewRow, OpenRows } from '../src/index.ts';
import type { SourcePartial } from '../src/rows/view-row.ts';
import { view } from './operator-harness.ts';

const sizeMs = 10;

/** As it comes over the wire: an object of its own each time. */
function series(name: string): Series {
  return { measureName: name, measureValueType: 'DOUBLE', dimensions: [] };
}

function partial(name: string, window: number, source: string): WindowPartial {
  return {
    view: 'v',
    revision: 1,
    series: series(name),
    startMs: window * sizeMs,
    endMs: (window + 1) * sizeMs,
    source,
    accumulator: [1, 0],
    contributions: 1,
    lateContributions: 0,
    firing: 'on_time',
    newestEventTimeMs: window * sizeMs,
    newestArrivalTimeMs: window * sizeMs,
  };
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      window: fc.nat(8),
      source: fc.constantFrom('s', 't'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ settledMs: fc.nat(80) }) },
);

test('all open rows of a series share one copy of it, which is removed with the last of them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
      const rows = new OpenRows();
      const kept = new Map<string, Series>();
      for (const each of steps) {
        if ('settledMs' in each) {
          rows.forgetTo(each.settledMs);
        } else {
          const joined = partial(each.name, each.window, each.source);
          const { row } = rows.join(of, joined);
          expect(row.series).toBe(kept.get(each.name) ?? joined.series);
        }
        kept.clear();
        for (const window of rows.windows) {
          for (const row of window.rows.values()) {
            const { measureName } = row.series;
            expect(row.series).toBe(kept.get(measureName) ?? row.series);
            kept.set(measureName, row.series);
          }
        }
      }
    }),
  );
});

// Goal: a row keeps the partial with the most contributions of each source, for few sources and for
// many. Method: partials of more sources than are searched linearly, in any order, compared with a
// map.
test('a row of many sources keeps the largest partial of each', () => {
  const anyPartial = fc.record({ source: fc.nat(60).map(String), contributions: fc.nat(5) });
  const property = fc.property(
    fc.array(anyPartial, { maxLength: 300, size: 'max' }),
    (partials) => {
      const row = newViewRow(series('a'), 'complete');
      const largest = new Map<string, number>();
      for (const { source, contributions } of partials) {
        const known = largest.get(source);
        expect(hasSource(row, source)).toBe(known !== undefined);
        const isMore = known === undefined || contributions > known;
        expect(joinSource(row, { ...partial('a', 0, source), contributions })).toBe(isMore);
        if (isMore) largest.set(source, contributions);
      }
      const kept = row.partials.map(
        ({ source, contributions }) => [source, contributions] as const,
      );
      expect(kept).toHaveLength(largest.size);
      expect(new Map(kept)).toEqual(largest);
    },
  );
  fc.assert(property);
});

test('a partial of a row of many sources is compared with few others', () => {
  const row = newViewRow(series('a'), 'complete');
  let asked = 0;
  const count = 1_000;
  for (let index = 0; index < 2 * count; index++) {
    const counted: SourcePartial = {
      ...partial('a', 0, ''),
      get source() {
        asked += 1;
        return String(index % count);
      },
    };
    joinSource(row, counted);
  }
  expect(row.partials).toHaveLength(count);
  expect(asked).toBeLessThanOrEqual(2 * count * 40);
});

// Goal: when and which windows are forgotten is a function of what was joined. Method: windows
// opened in any order, forgotten up to some time or to some number of rows, compared with a list.
test('windows are forgotten in the order of their times, whatever the order of their rows', () => {
  const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
  const anyStep = fc.oneof(
    { weight: 5, arbitrary: fc.record({ name: fc.constantFrom('a', 'b'), window: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ settled: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ rowsMax: fc.integer({ min: 1, max: 8 }) }) },
  );
  const property = fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), (steps) => {
    const rows = new OpenRows();
    let open: { name: string; window: number }[] = [];
    let forgottenTo = -1;
    /** Takes away the rows of windows up to one, in order. */
    const forget = (to: number): string[] => {
      const gone = open.filter(({ window }) => window <= to);
      open = open.filter(({ window }) => window > to);
      forgottenTo = Math.max(forgottenTo, to);
      return gone.toSorted((a, b) => a.window - b.window).map((each) => JSON.stringify(each));
    };
    for (const each of steps) {
      if ('name' in each) {
        const { outcome } = rows.join(of, partial(each.name, each.window, 's'));
        expect(outcome === 'orphan').toBe(each.window <= forgottenTo);
        const isOpen = open.some(
          ({ name, window }) => name === each.name && window === each.window,
        );
        if (each.window > forgottenTo && !isOpen) open.push(each);
      } else {
        const forgotten =
          'settled' in each
            ? rows.forgetTo((each.settled + 1) * sizeMs - 1)
            : rows.forgetBeyond(each.rowsMax);
        const expected: string[] = [];
        if ('settled' in each) expected.push(...forget(each.settled));
        else {
          while (open.length > each.rowsMax) {
            expected.push(...forget(Math.min(...open.map(({ window }) => window))));
          }
        }
        const got = forgotten.map(({ place, row }) =>
          JSON.stringify({ name: row.series.measureName, window: place.window.startMs / sizeMs }),
        );
        expect(got).toEqual(expected);
      }
      expect(rows.rowsCount).toBe(open.length);
    }
    const keys = new Set(open.map(({ name }) => seriesKey(series(name))));
    for (const { rows: left } of rows.windows)
      for (const key of left.keys()) expect(keys).toContain(key);
  });
  fc.assert(property);
});

test('rows are forgotten down to the limit even when their windows should already be closed', () => {
  const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
  const rows = new OpenRows();
  for (const name of ['a', 'b', 'c']) rows.join(of, partial(name, 1, 's'));
  // As when the states of two parents are joined, of which one has forgotten more.
  rows.raiseForgottenTo(500);
  expect(rows.forgetBeyond(2)).toHaveLength(3);
  expect([rows.rowsCount, rows.forgottenToMs]).toEqual([0, 500]);
});

test('rows dropped because their view started later are dropped once', () => {
  const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
  const rows = new OpenRows();
  for (const window of [0, 1, 2]) rows.join(of, partial('a', window, 's'));
  expect(rows.forgetBefore(of, 20)).toHaveLength(2);
  // A dropped window may be opened again.
  rows.join(of, partial('a', 1, 't'));
  expect(rows.rowsCount).toBe(2);
  expect(rows.forgetTo(9)).toHaveLength(0);
  expect(rows.forgetTo(1_000)).toHaveLength(2);
  expect([rows.rowsCount, [...rows.windows].length]).toEqual([0, 0]);
});

test('a view that started later removes only its own rows, and leaves no empty windows', () => {
  const window = { tumbling: '10ms' };
  const [one, other] = [view({ name: 'v', window }), view({ name: 'w', window })];
  const rows = new OpenRows();
  for (const of of [one, other]) rows.join(of, partial('a', 0, 's'));
  expect(rows.forgetBefore(one, 10).map(({ place }) => place.view)).toEqual([one]);
  expect([...rows.windows].map((left) => left.view)).toEqual([other]);
});

test('replacing a row does not add to the count', () => {
  const rows = new OpenRows();
  const { place, row } = rows.join(view(), partial('a', 0, 's'));
  const key = seriesKey(row.series);
  const replacement = { ...row, writtenVersion: 7 };
  rows.insert(place, key, replacement);
  expect(rows.rowsCount).toBe(1);
  expect(rows.find(place, key)).toBe(replacement);
});

test('the limit forgets a row that another shard had already forgotten, and it stays forgotten', () => {
  const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
  const rows = new OpenRows();
  rows.join(of, partial('a', 0, 's'));
  rows.raiseForgottenTo(100_000);
  rows.join(of, partial('a', 20_000, 's'));
  expect(rows.rowsCount).toBe(2);
  const forgotten = rows.forgetBeyond(1);
  expect(forgotten.map(({ place }) => place.window.startMs)).toEqual([0]);
  expect(rows.rowsCount).toBe(1);
  expect(rows.forgottenToMs).toBe(100_000);
});

// Goal: whatever was joined, merged, and forgotten, the limit is reached by forgetting as few
// windows as possible. Method: any steps, including those that raise what is forgotten under open
// rows.
test('the limit holds after any steps', () => {
  const raise = fc.record({ raisedToMs: fc.nat(100) });
  const bound = fc.record({ rowsMax: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(fc.oneof(step, raise, bound), { maxLength: 60 }), (steps) => {
      const of = view({ window: { tumbling: '10ms' }, allowedLateness: '0s' });
      const rows = new OpenRows();
      for (const each of steps) {
        const { forgottenToMs } = rows;
        if ('settledMs' in each) rows.forgetTo(each.settledMs);
        else if ('raisedToMs' in each) rows.raiseForgottenTo(each.raisedToMs);
        else if ('rowsMax' in each) {
          const forgotten = rows.forgetBeyond(each.rowsMax);
          const open = [...rows.windows].map(({ cleanupMs }) => cleanupMs);
          expect(rows.rowsCount).toBeLessThanOrEqual(each.rowsMax);
          for (const { place } of forgotten) {
            expect(place.cleanupMs).toBeLessThan(Math.min(...open));
            expect(place.cleanupMs).toBeLessThanOrEqual(rows.forgottenToMs);
          }
        } else rows.join(of, partial(each.name, each.window, each.source));
        expect(rows.forgottenToMs).toBeGreaterThanOrEqual(forgottenToMs);
      }
    }),
  );
});
