import { aggregates } from '@highwater/windowing';
import type { Aggregate } from '../../packages/windowing/src/accumulators/aggregate.ts';
import { AccumulatorLayout } from '../../packages/windowing/src/accumulators/accumulator-layout.ts';
import { listPointsMax } from '../../packages/windowing/src/accumulators/point-list.ts';
import { percentileAccuracy } from '../../packages/windowing/src/accumulators/quantile-bins.ts';
import { renderPage } from './render-page.ts';
import { renderTable } from './render-table.ts';

/** The page's text about an aggregate. Its state comes from the code. */
interface Text {
  readonly meaning: string;
  readonly accuracy: string;
  readonly type: string;
}

const bytesPerCell = 8;
const wholeOrDouble = 'as the points';
const percentile = (part: string): Text => ({
  meaning: `Value below which ${part} of the values lie.`,
  accuracy: `within ${percentileAccuracy * 100} % of the value`,
  type: 'DOUBLE',
});

const texts: Readonly<Record<Aggregate, Text>> = {
  avg: { meaning: 'Mean of the values.', accuracy: 'compensated sum', type: 'DOUBLE' },
  count: { meaning: 'Number of points.', accuracy: 'exact', type: 'BIGINT' },
  sum: {
    meaning: 'Sum of the values.',
    accuracy: 'exact for BIGINT, otherwise compensated',
    type: wholeOrDouble,
  },
  min: { meaning: 'Smallest value.', accuracy: 'exact', type: wholeOrDouble },
  max: { meaning: 'Largest value.', accuracy: 'exact', type: wholeOrDouble },
  stddev: {
    meaning: 'Standard deviation of a sample. A single point has none, and no row.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  variance: {
    meaning: 'Variance of a sample. A single point has none, and no row.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  stddev_population: {
    meaning: 'Standard deviation of the whole population.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  variance_population: {
    meaning: 'Variance of the whole population.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  first: { meaning: 'Value with the earliest time.', accuracy: 'exact', type: wholeOrDouble },
  last: { meaning: 'Value with the latest time.', accuracy: 'exact', type: wholeOrDouble },
  delta: {
    meaning:
      'Increase of a counter from the first to the last point. A fall counts as a restart from zero.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  rate: {
    meaning: '`delta` per second. Points of a single time have no rate, and no row.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  time_weighted_avg: {
    meaning:
      'Mean in which each value counts until the next point, and the last one until the end of the window. The time before the first point does not count.',
    accuracy: 'rounding',
    type: 'DOUBLE',
  },
  p50: percentile('50 %'),
  p75: percentile('75 %'),
  p90: percentile('90 %'),
  p95: percentile('95 %'),
  p99: percentile('99 %'),
  p999: percentile('99.9 %'),
  distinct: {
    meaning: 'Number of different values, estimated.',
    accuracy: 'standard error of 1.6 %',
    type: 'BIGINT',
  },
};

/** docs/reference/aggregates.md: each aggregate, with its state as the code keeps it. */
export function renderAggregatesPage(): string {
  return renderPage('Aggregates', [
    'On this page you can look up each aggregate of a [view](../glossary.md#view): its meaning, its accuracy, its type, and the memory that it needs.',
    '> This page is generated from the code. To change a text, change [aggregates-page.ts](../../tools/docs/aggregates-page.ts), and then run `npm run docs`.',
    renderTable(
      ['Aggregate', 'Meaning', 'Accuracy', 'Type of the row', 'State per row'],
      aggregates.map((aggregate) => {
        const { meaning, accuracy, type } = texts[aggregate];
        return [`\`${aggregate}\``, meaning, accuracy, type, stateOf(aggregate)];
      }),
    ),
    'A compensated sum is kept in two doubles, so that large and small values do not lose digits ([decision 0004](../decisions/0004-sums-in-two-doubles.md)). Percentiles and `distinct` are estimates of fixed accuracy, and the other results are subject only to the rounding of doubles.',
    '## Order of points',
    '`first` and `last` depend on the time of the points. If two points of one shard have the same time, the order on the shard decides. If they are on different shards, `first` takes the smaller value and `last` the larger one. So the result does not depend on which shard is read first.',
    '## Value types',
    [
      '- Points of both numeric types are one [series](../glossary.md#series): `BIGINT` 10 and `DOUBLE` 20.5 average to 15.25.',
      '- A row of `sum`, `min`, `max`, `first`, or `last` is a `BIGINT`, and exact, while each point in it is a `BIGINT`. Otherwise it is a `DOUBLE`. The five share 8 bytes of state to know this; the table includes them.',
      '- A sum of `BIGINT` values that does not fit 64 bits is rounded and stored as a `DOUBLE`. `upsert_writer_rounded_rows_total` counts it. The store accepts it if it has no type for the name yet, or already has `DOUBLE`.',
      '- A view that fills gaps stores `DOUBLE` values only.',
    ].join('\n'),
    'A Timestream table keeps the type of the first value for each measure name. If producers mix the types of a measure, `avg` and `count` stay correct, but the rest has these effects:',
    [
      '- Raw rows of the second type become dead letters. The detail names both types.',
      '- If the table has `DOUBLE` for one of the five aggregates, a `BIGINT` row is rounded, stored as a `DOUBLE`, and counted.',
      '- If the table has `BIGINT`, a `DOUBLE` row is rejected, and the stored row stays.',
    ].join('\n'),
    'Send each measure in one type.',
    '## State of a row',
    'upsert-writer and aggregator keep the state of each open row in memory and in their [snapshots](../glossary.md#snapshot). Aggregates with the same kind of state share it. For example, `avg` and `sum` share one sum, and all percentiles share their bins.',
    `A list of points has at most ${listPointsMax.toLocaleString('en-US')} points per row. Beyond that, the results that need it become dead letters (\`not_finite\`), because they would be wrong. The list is kept for \`delta\`, \`rate\`, \`time_weighted_avg\`, and for each aggregate of a view with \`duplicates: ignore\` or \`duplicates: replace\`.`,
    'The memory of a row of `avg` with and without duplicates, measured on Node 24 with 2,000 rows:',
    renderTable(
      ['Points per row', '`duplicates: count`', '`duplicates: ignore` or `replace`'],
      [
        ['5', '48 bytes', '0.6 kB'],
        ['30', '48 bytes', '1.2 kB'],
        ['300', '48 bytes', '12.7 kB'],
      ],
    ),
    'The 48 bytes are the whole row in memory. To measure them again, run `npm run bench -- windowing`. With 74,400 series of one point every ten seconds, one open five-minute window needs 3.6 MB with `count`, and about 90 MB with the others.',
  ]);
}

/** The bytes of the cells, or how a list grows. */
function stateOf(aggregate: Aggregate): string {
  const layout = new AccumulatorLayout([aggregate]);
  if (aggregate === 'distinct') return 'up to 4,096 registers';
  if (aggregate in percentiles) return '16 bytes per bin';
  if (layout.hasLists) return '32 to 64 bytes per point';
  return layout.cellsCount === 0 ? 'none' : `${layout.cellsCount * bytesPerCell} bytes`;
}

const percentiles: Partial<Record<Aggregate, true>> = {
  p50: true,
  p75: true,
  p90: true,
  p95: true,
  p99: true,
  p999: true,
};
