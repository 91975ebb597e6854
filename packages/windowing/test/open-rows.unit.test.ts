import type { Series, WindowPartial } from '@highwater/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenRows } from '../src/index.ts';
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

test('all open rows of a series share one copy of it, which goes with the last of them', () => {
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
