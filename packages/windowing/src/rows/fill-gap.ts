import { filledVersion, gapContributionsMax, type Row, type Series } from '@highwater/model';
import type { Fill } from '../views/fill-schema.ts';
import type { TimeWindow } from '../time-window.ts';
import type { View } from '../views/view.ts';
import { storedRows, type FoldedRow } from './fold-row.ts';

/** A row with points, as seen from an adjacent gap. */
export interface GapSide {
  readonly window: TimeWindow;
  readonly contributions: number;
  /** By aggregate, as the view lists them. */
  readonly values: readonly (number | undefined)[];
}

/** A row with points that bounds a gap. Filled values are doubles, so its values are, too. */
export function gapSide(
  window: TimeWindow,
  { contributions, values }: Pick<FoldedRow, 'contributions' | 'values'>,
): GapSide {
  const rounded = values.map((value) => (value === undefined ? undefined : Number(value)));
  return { window, contributions, values: rounded };
}

/** Windows without points between two with points, of one series of one view. */
export interface Gap {
  readonly view: View;
  readonly series: Series;
  readonly before: GapSide;
  readonly after: GapSide;
  /** In the order of time; at least one. */
  readonly windows: readonly TimeWindow[];
}

/**
 * The rows that fill a gap. Any row with points replaces them. Their values and their version depend
 * only on the two sides of the gap.
 *
 * @returns none for aggregates without a value on one of the sides, and for a view without `fill`
 */
export function fillGap({ view, series, before, after, windows }: Gap): readonly Row[] {
  const { fill } = view;
  const contributions = before.contributions + after.contributions;
  if (!fill || contributions > gapContributionsMax) return [];
  const gapWindows = windows.length;
  const version = filledVersion({ viewRevision: view.revision, gapWindows, contributions });
  return windows.flatMap((window) => {
    const position = positionOf(window, before.window, after.window);
    const values = before.values.map((left, index) => {
      const right = after.values[index];
      if (left === undefined || right === undefined) return undefined;
      const value = between(fill, left, right, position);
      return Number.isFinite(value) ? value : undefined;
    });
    return storedRows({ view, series, window }, values, version, fill.method);
  });
}

/** Where between two windows a window lies, 0 to 1, from middle to middle. */
function positionOf(window: TimeWindow, before: TimeWindow, after: TimeWindow): number {
  const middle = ({ startMs, endMs }: TimeWindow) => startMs + (endMs - startMs) / 2;
  return (middle(window) - middle(before)) / (middle(after) - middle(before));
}

function between({ method, value }: Fill, left: number, right: number, position: number): number {
  switch (method) {
    case 'linear':
      return left + (right - left) * position;
    case 'locf':
      return left;
    case 'constant':
      return value ?? Number.NaN;
  }
}
