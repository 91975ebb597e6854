import type { Dimension, Series } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalendarDays, everyRange } from '../src/views/collisions/calendar-days.ts';
import { findRowCollision } from '../src/views/collisions/row-collision.ts';
import { checkViews, parseViews, renderProblem, type View } from '../src/index.ts';
import { storedRows } from '../src/rows/fold-row.ts';
import { viewSchema } from '../src/views/view-schema.ts';
import { calendarWindows } from '../src/views/calendar-windows.ts';

type Definition = Record<string, unknown>;

/** Every value that a property may choose from is short, so that views often meet. */
const measures = ['a', 'b', 'avg_a', 'avg_avg_a', 'x_b', 'population_a', 'a_max', 'ab'];
const measureGlobs = ['a', 'b', 'a*', '*a', '*_b', 'avg_*', '*', '*population*', 'x*b'];
const templates = [
  '{aggregate}_{measure}',
  '{measure}_{aggregate}',
  'avg_{measure}',
  'x_{measure}',
  '{measure}',
  'avg_a',
  '{aggregate}{measure}',
];
const values = ['e', 'eu', 'us'];
const valueGlobs = ['e', 'eu', 'us', 'e*', '*s', '*'];
const names = ['region', 'site'];

const regular = fc.constantFrom<Definition>(
  { tumbling: '5m' },
  { hopping: { size: '5m', every: '1m' } },
  { tumbling: '10m' },
  { tumbling: '5m', offset: '1m' },
  { hopping: { size: '5m', every: '7m' }, offset: '3m' },
);
const ofCalendar = fc.constantFrom<Definition>(
  { tumbling: '1d' },
  { tumbling: '24h', offset: '5h' },
  { tumbling: '1d', timeZone: 'UTC' },
  { tumbling: '1d', timeZone: 'Europe/London' },
  { tumbling: '1d', timeZone: 'America/New_York' },
  { tumbling: '1w' },
  { tumbling: '7d', offset: '4d' },
  { tumbling: '1mo' },
);
const anyWindow = fc.oneof({ weight: 3, arbitrary: regular }, { weight: 1, arbitrary: ofCalendar });
const anyNames = fc.uniqueArray(fc.constantFrom(...names, 'rack'), { minLength: 1 });
const anyGlobs = (globs: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...globs), { minLength: 1, maxLength: 2 });
const anyDefinition = fc.record(
  {
    match: fc.record(
      {
        measures: anyGlobs(measureGlobs),
        where: fc.dictionary(fc.constantFrom(...names), anyGlobs(valueGlobs), { maxKeys: 2 }),
        measureTypes: fc.constantFrom(['DOUBLE'], ['BIGINT'], ['DOUBLE', 'BIGINT']),
      },
      { requiredKeys: [] },
    ),
    groupBy: fc.oneof(
      fc.constant('all'),
      anyNames,
      anyNames.map((except) => ({ except })),
    ),
    window: anyWindow,
    aggregates: fc.oneof(
      fc.constant(['avg']),
      fc.subarray(['avg', 'max', 'stddev', 'stddev_population'], { minLength: 1 }),
    ),
    output: fc.record({
      measure: fc.constantFrom(...templates),
      time: fc.constantFrom('end', 'end', 'end', 'start'),
    }),
  },
  { requiredKeys: ['window'] },
);

/** Two views that have most of their fields in common, so that little keeps their rows apart. */
const anyPair = fc
  .tuple(
    anyDefinition,
    anyDefinition,
    fc.subarray(['match', 'groupBy', 'window', 'aggregates', 'output'] as const),
  )
  .map(([one, changes, changed]): readonly [Definition, Definition] => {
    const own = changed.map((field) => [field, changes[field]] as const);
    return [named('one', one), named('other', { ...one, ...Object.fromEntries(own) })];
  });

function named(name: string, definition: Definition): Definition {
  const set = Object.entries(definition).filter(([, value]) => value !== undefined);
  return { name, ...Object.fromEntries(set) };
}

function seriesOf(
  measureName: string,
  dimensions: readonly Dimension[],
  type: Series['measureValueType'] = 'DOUBLE',
): Series {
  return { measureName, measureValueType: type, dimensions };
}

/** All points that the properties know, but for their times: of each dimension a value, or none. */
const everySeries: readonly Series[] = measures.flatMap((measure) =>
  [undefined, ...values].flatMap((region) =>
    [undefined, 'e', 'us'].flatMap((site) =>
      [undefined, 'e'].map((rack) => {
        const dimensions = Object.entries({ rack, region, site }).flatMap(([name, value]) =>
          value === undefined ? [] : [{ name, value }],
        );
        return seriesOf(measure, dimensions, rack === region ? 'BIGINT' : 'DOUBLE');
      }),
    ),
  ),
);
const timesMs = ['2026-01-01T00:00', '2026-01-05T05:01'].map((time) => Date.parse(`${time}Z`));

/** The rows that a point makes, by their identity for the windows. */
function* rowsOf(view: View, series: Series, timeMs: number): Generator<readonly [string, string]> {
  if (!view.matches(series)) return;
  const grouped = view.group(series);
  for (const window of view.windows.assign(timeMs)) {
    const rows = storedRows(
      { view, series: grouped, window },
      view.aggregates.map(() => 1),
      1,
      'none',
    );
    for (const [index, { measureName, dimensions, time }] of rows.entries()) {
      const aggregate = view.aggregates[index];
      const { measureName: measure } = grouped;
      const told = [view.name, aggregate, measure, grouped.dimensions, window];
      yield [JSON.stringify(told), JSON.stringify([measureName, dimensions, time])];
    }
  }
}

function parse(...definitions: readonly Definition[]): readonly View[] {
  return definitions.flatMap((definition) => parseViews({ views: [definition] }));
}

/** Read once, and shared: to read the calendar of a zone is most of the work. */
const days = new CalendarDays();

function collisionOf(one: Definition, other: Definition) {
  return findRowCollision(viewSchema.parse(one), viewSchema.parse(other), days);
}

const isFine = (definition: Definition) => checkViews({ views: [definition] }).length === 0;

describe('two views that could write the same row', () => {
  // Goal: two rows that the windows distinguish are two rows in the store. Method: every known
  // point is given to accepted views, one by one and together. The stored rows must be distinct.
  it('are rejected whenever some points make their rows coincide', () => {
    const property = fc.property(anyPair, (pair) => {
      const views = pair.filter(isFine);
      const [left, right] = views;
      if (left && right && collisionOf(left, right)) return;
      const toldBy = new Map<string, string>();
      for (const view of parse(...views)) {
        for (const timeMs of timesMs) {
          for (const series of everySeries) {
            for (const [told, row] of rowsOf(view, series, timeMs)) {
              expect(toldBy.get(row) ?? told).toBe(told);
              toldBy.set(row, told);
            }
          }
        }
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('are rejected with points that make the rows coincide', () => {
    let refusedCount = 0;
    const property = fc.property(anyPair, (pair) => {
      if (!pair.every(isFine)) return;
      const collision = collisionOf(...pair);
      if (!collision) return;
      refusedCount += 1;
      const { window } = collision;
      if (!window) throw new Error('these windows need no odd years to meet');
      const rows = parse(...pair).map((view, index) => {
        const { aggregate, measureName, dimensions } = collision.series[index === 0 ? 0 : 1];
        const types = (['DOUBLE', 'BIGINT'] as const).map((type) =>
          seriesOf(measureName, dimensions, type),
        );
        expect(dimensions.length).toBeGreaterThan(0);
        const series = types.find((each) => view.matches(each));
        const found = series ? [...rowsOf(view, series, window.startMs)] : [];
        return found
          .filter(([told]) => (JSON.parse(told) as unknown[])[1] === aggregate)
          .map(([, row]) => row);
      });
      const [ofOne = [], ofOther = []] = rows;
      const shared = ofOne.filter((row) => ofOther.includes(row));
      const [measureName, dimensions, time] = JSON.parse(shared[0] ?? '[]') as unknown[];
      expect([measureName, time]).toEqual([collision.measureName, String(collision.timeMs)]);
      expect(dimensions).toEqual(expect.arrayContaining([...collision.dimensions]));
      expect(dimensions).toHaveLength(collision.dimensions.length + 2);
    });
    fc.assert(property, { numRuns: 1_000 });
    expect(refusedCount).toBeGreaterThan(50);
  });

  it('are rejected with the row and the points in the message', () => {
    const eu = { match: { where: { region: ['eu'] } }, groupBy: ['site'] };
    const problems = checkViews({
      views: [
        { name: 'eu', window: { tumbling: '5m' }, ...eu },
        { name: 'world', window: { tumbling: '5m' }, groupBy: ['site'] },
      ],
    });
    expect(problems.map(renderProblem)).toEqual([
      'views[1].output.measure: could write the same row as view eu, and the store would keep only one of ' +
        'them: avg_x {site=x}, window 2026-01-01T00:00:00.000Z to 2026-01-01T00:05:00.000Z, time ' +
        '2026-01-01T00:05:00.000Z, from a point of x {region=eu, site=x}; give one of the views another output.measure',
    ]);
  });

  const day = (timeZone?: string) => ({ window: { tumbling: '1d', timeZone } });
  const where = (region: string) => ({ where: { region: [region] } });
  it.each<[string, Definition, Definition, boolean]>([
    ['the same view twice', {}, {}, true],
    ['sizes that differ', {}, { window: { tumbling: '10m' } }, false],
    ['hops of one size', {}, { window: { hopping: { size: '5m', every: '1m' } } }, true],
    ['offsets that never meet', {}, { window: { tumbling: '5m', offset: '1m' } }, false],
    ['rows at the start and the end', {}, { output: { time: 'start' } }, false],
    ['values that never meet, kept', { match: where('eu') }, { match: where('us') }, false],
    [
      'a value that both list, kept',
      { match: { where: { region: ['eu', 'us'] } } },
      { match: { where: { region: ['af', 'u*'] } } },
      true,
    ],
    [
      'values that never meet, not kept',
      { match: where('eu'), groupBy: ['site'] },
      { match: where('us'), groupBy: ['site'] },
      true,
    ],
    [
      'a dimension that one demands and the other never has',
      { match: where('*') },
      { groupBy: { except: ['region'] } },
      false,
    ],
    ['types of values', { match: { measureTypes: ['DOUBLE'] } }, { match: {} }, true],
    ['a day and a day of UTC', day(), day('UTC'), true],
    [
      'a day of New York and one of Los Angeles',
      day('America/New_York'),
      day('America/Los_Angeles'),
      false,
    ],
    ['a day of New York and one of Toronto', day('America/New_York'), day('America/Toronto'), true],
    ['days on both sides of the date line', day('Pacific/Apia'), day('Pacific/Pago_Pago'), true],
    ['a day of Paris, which had the time of London once', day('Europe/Paris'), day(), true],
    ['a day and 24 hours of another zone', day('Asia/Tokyo'), day(), false],
    [
      'weeks from Monday and from Thursday',
      { window: { tumbling: '1w' } },
      { window: { tumbling: '7d' } },
      false,
    ],
    ['a day and a week', day(), { window: { tumbling: '1w' } }, false],
  ])('are judged with %s', (_, one, other, isRefused) => {
    const window = { tumbling: '5m' };
    const views = [
      { name: 'one', window, ...one },
      { name: 'other', window, ...other },
    ];
    expect(checkViews({ views }).length).toBe(isRefused ? 1 : 0);
  });
});

describe('the days of a calendar', () => {
  const zones = ['America/New_York', 'Africa/Casablanca', 'Pacific/Apia', 'America/Sao_Paulo'];
  it('are the same as those of windows', () => {
    for (const zone of zones) {
      const windows = calendarWindows('day', zone);
      const all = [...days.windows('day', zone, everyRange)];
      fc.assert(
        fc.property(fc.nat(all.length - 1), (index) => {
          expect(windows.assign(all[index]?.startMs ?? 0)).toEqual([all[index]]);
        }),
        { numRuns: 40 },
      );
    }
  });
});
