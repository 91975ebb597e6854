import type { CellName, ListName } from './components.ts';
import type { Cells, ListState } from './component.ts';
import { DistinctSketch } from './distinct-sketch.ts';
import { variance } from './moments.ts';
import { counterDelta, counterRate, PointList, timeWeightedAverage } from './point-list.ts';
import { QuantileBins } from './quantile-bins.ts';
import type { Aggregate } from './aggregate.ts';
import type { TimeWindow } from '../time-window.ts';

/**
 * The value of an aggregate: an exact whole number if every point was a BIGINT, otherwise a double. It
 * is not finite if it is not known, and undefined if it does not exist.
 */
export type AggregateResult = number | bigint | undefined;

/** A row's state as results are read from it. */
export interface Read {
  readonly count: number;
  readonly window: TimeWindow;
  readonly cells: Cells;
  readonly at: (name: CellName) => number;
  readonly list: (name: ListName) => ListState | undefined;
}

/** Reads an aggregate from a row's state. */
export function resultOf(aggregate: Aggregate, read: Read): AggregateResult {
  const cell = (name: CellName, offset = 0) => read.cells[read.at(name) + offset] ?? Number.NaN;
  switch (aggregate) {
    case 'count':
      return read.count;
    case 'avg':
      return cell('sum') / read.count;
    case 'sum':
    case 'min':
    case 'max':
      return whole(cell(aggregate), cell(aggregate, 1), cell('fractions'));
    case 'variance':
      return variance(read.cells, read.at('moments'), 1);
    case 'variance_population':
      return variance(read.cells, read.at('moments'), 0);
    case 'stddev':
      return root(variance(read.cells, read.at('moments'), 1));
    case 'stddev_population':
      return root(variance(read.cells, read.at('moments'), 0));
    case 'first':
    case 'last':
      return whole(cell(aggregate, 1), cell(aggregate, 2), cell('fractions'));
    case 'delta':
    case 'rate':
    case 'time_weighted_avg':
      return ofPoints(aggregate, read);
    case 'p50':
    case 'p75':
    case 'p90':
    case 'p95':
    case 'p99':
    case 'p999': {
      const bins = read.list('bins');
      return bins instanceof QuantileBins
        ? bins.quantile(Number(`0.${aggregate.slice(1)}`))
        : Number.NaN;
    }
    case 'distinct': {
      const sketch = read.list('distinct');
      return sketch instanceof DistinctSketch ? sketch.estimate() : Number.NaN;
    }
  }
}

const bigintMin = -(2n ** 63n);
const bigintMax = 2n ** 63n - 1n;

/**
 * A value in two doubles, as a whole number where all points were BIGINT. A sum that has left the
 * 64 bits of BIGINT is rounded to a double.
 */
function whole(value: number, rest: number, fractionsCell: number): number | bigint {
  if (fractionsCell !== 0 || !Number.isInteger(value) || !Number.isInteger(rest)) return value;
  const exact = BigInt(value) + BigInt(rest);
  return exact >= bigintMin && exact <= bigintMax ? exact : value;
}

function ofPoints(
  aggregate: 'delta' | 'rate' | 'time_weighted_avg',
  { list, window }: Read,
): number | undefined {
  const kept = list('points');
  const points = kept instanceof PointList ? kept.points : undefined;
  if (!points) return Number.NaN;
  switch (aggregate) {
    case 'delta':
      return counterDelta(points);
    case 'rate':
      return counterRate(points);
    case 'time_weighted_avg':
      return timeWeightedAverage(points, window.endMs);
  }
}

function root(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.sqrt(value);
}
