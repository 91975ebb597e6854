import type { SeededRandom } from '@highwater/testkit';
import { defaultViewsFile, parseViews, type View } from '@highwater/windowing';

/** Views that a case is run with. */
export interface FuzzViews {
  readonly name: string;
  readonly views: readonly View[];
  /** Rows that one point is part of, over all views, at most. */
  readonly rowsPerPointMax: number;
  /** The distances at which points of one series come to be in windows of their own, ms. */
  readonly stepMs: number;
}

const everyAggregate = [
  ['avg', 'count', 'sum', 'min', 'max', 'stddev', 'first', 'last', 'delta', 'rate'],
  ['time_weighted_avg', 'p50', 'p99', 'distinct'],
].flat();

function views(name: string, rowsPerPointMax: number, stepMs: number, file: unknown): FuzzViews {
  return { name, rowsPerPointMax, stepMs, views: parseViews(file) };
}

const fuzzViews: readonly FuzzViews[] = [
  views('default', 1, 300_000, defaultViewsFile),
  views('second', 1, 1_000, {
    views: [{ name: 'second', window: { tumbling: '1s' }, allowedLateness: '1h' }],
  }),
  views('hopping', 30, 10_000, {
    views: [{ name: 'hopping', window: { hopping: { size: '5m', every: '10s' } } }],
  }),
  views('hopping late', 20, 7_000, {
    views: [
      {
        name: 'hopping-late',
        window: { hopping: { size: '137s', every: '7s' } },
        allowedLateness: '10m',
        aggregates: ['avg', 'last'],
      },
    ],
  }),
  views('every aggregate', 1, 60_000, {
    views: [
      {
        name: 'every',
        window: { tumbling: '1m' },
        allowedLateness: '10m',
        aggregates: everyAggregate,
        late: { coalesce: '1s' },
      },
    ],
  }),
  views('points', 2, 60_000, {
    views: [
      {
        name: 'ignore',
        window: { tumbling: '1m' },
        duplicates: 'ignore',
        aggregates: ['avg', 'p50'],
        output: { measure: '{aggregate}_ignored_{measure}' },
      },
      {
        name: 'replace',
        window: { tumbling: '1h' },
        duplicates: 'replace',
        aggregates: ['last'],
        output: { measure: '{aggregate}_replaced_{measure}' },
      },
    ],
  }),
  views('calendar', 2, 86_400_000, {
    views: [
      {
        name: 'month',
        window: { tumbling: '1mo', timeZone: 'America/Sao_Paulo' },
        groupBy: ['host'],
        early: '1s',
      },
      {
        name: 'day',
        window: { tumbling: '1d', timeZone: 'Europe/Paris' },
        groupBy: { except: ['host'] },
        aggregates: ['count'],
        early: '1s',
      },
    ],
  }),
];

/** The maximum number: a second of work instead of a millisecond. */
const thousandWindows = views('thousand windows', 1_000, 1_000, {
  views: [{ name: 'thousand', window: { hopping: { size: '1000s', every: '1s' } } }],
});
const thousandShare = 0.02;

/** From common views to those that cost the most per point. */
export function pickViews(random: SeededRandom): FuzzViews {
  return random.chance(thousandShare) ? thousandWindows : random.pick(fuzzViews);
}
