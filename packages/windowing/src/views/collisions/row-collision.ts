import type { Dimension } from '@highwater/model';
import type { Aggregate } from '../../accumulators/aggregate.ts';
import type { TimeWindow } from '../../time-window.ts';
import type { ViewDefinition } from '../view-schema.ts';
import type { CalendarDays } from './calendar-days.ts';
import { commonDimensions } from './common-dimensions.ts';
import { commonMeasure } from './common-measure.ts';
import { commonWindow, neverMeet } from './common-window.ts';

/** The settings that decide which rows a view writes. */
export type RowsOfView = Pick<
  ViewDefinition,
  'match' | 'groupBy' | 'window' | 'aggregates' | 'output'
>;

/** A series of points that a view takes, and which of its aggregates makes the row of it. */
export interface CollidingSeries {
  readonly aggregate: Aggregate;
  readonly measureName: string;
  readonly dimensions: readonly Dimension[];
}

/** A row that two views could both write. */
export interface RowCollision {
  readonly measureName: string;
  /** The dimensions of the series. A row also has the bounds of its window. */
  readonly dimensions: readonly Dimension[];
  /** Undefined when such a window may exist, in some year, and none was found. */
  readonly window: TimeWindow | undefined;
  /** The time of the row. */
  readonly timeMs: number | undefined;
  /** One for each view, in their order. */
  readonly series: readonly [CollidingSeries, CollidingSeries];
}

/**
 * Finds a row that two views could both write, each for some point: the store would keep only one of
 * the two. Rows are the same if table, measure name, dimensions and time are; all views write to one
 * table. The value types that a view matches do not count, because numbers of both are one series.
 *
 * A raw row is never the same as a row of a view, because only the latter has the dimensions
 * `window_start` and `window_end`: a point with one of them is refused.
 */
export function findRowCollision(
  a: RowsOfView,
  b: RowsOfView,
  days: CalendarDays,
): RowCollision | undefined {
  // The bounds of the window are dimensions, and a window is never empty.
  if (a.output.time !== b.output.time || neverMeet(a.window, b.window)) return undefined;
  const dimensions = commonDimensions(a, b);
  if (!dimensions) return undefined;
  for (const aggregateOfA of a.aggregates) {
    for (const aggregateOfB of b.aggregates) {
      const measure = commonMeasure([a, aggregateOfA], [b, aggregateOfB]);
      if (!measure) continue;
      const window = commonWindow(a.window, b.window, days);
      if (!window) return undefined;
      const found = window === 'unknown' ? undefined : window;
      return {
        measureName: measure.name,
        dimensions: dimensions.row,
        window: found,
        timeMs: a.output.time === 'start' ? found?.startMs : found?.endMs,
        series: [
          seriesOf(aggregateOfA, measure.measures[0], dimensions.points[0]),
          seriesOf(aggregateOfB, measure.measures[1], dimensions.points[1]),
        ],
      };
    }
  }
  return undefined;
}

function seriesOf(
  aggregate: Aggregate,
  measureName: string,
  dimensions: readonly Dimension[],
): CollidingSeries {
  return { aggregate, measureName, dimensions };
}

/** A collision in words: the row, and the points that lead to it. */
export function describeCollision(collision: RowCollision): string {
  const { measureName, dimensions, window, timeMs, series } = collision;
  const date = (ms: number) => new Date(ms).toISOString();
  const when =
    window && timeMs !== undefined
      ? `window ${date(window.startMs)} to ${date(window.endMs)}, time ${date(timeMs)}`
      : 'in a window of both views';
  const [here, there] = series.map((each) => `${each.measureName} ${braced(each.dimensions)}`);
  const from =
    here === there
      ? `from a point of ${here}`
      : `in this view from a point of ${here}, in the other view from a point of ${there}`;
  return `${measureName} ${braced(dimensions)}, ${when}, ${from}`;
}

function braced(dimensions: readonly Dimension[]): string {
  return `{${dimensions.map(({ name, value }) => `${name}=${value}`).join(', ')}}`;
}
