import { createHash } from 'node:crypto';
import type { Dimension, StoreTable } from '@highwater/model';
import type { PreparedRow } from '@highwater/store-kit';
import { storableText } from '../sql-text.ts';
import type { RowTime } from './row-time.ts';

/** A window's bounds in ms. */
export interface WindowBounds {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a row's dimensions say: its series, and its window in a table that has windows. */
export interface RowSeries {
  /** Equal exactly for equal series of one measure. */
  readonly key: string;
  /** Sorted by name; without the bounds of the window, where those are known. */
  readonly dimensions: readonly Dimension[];
  /** From the start of the window to the row's time, and from there to its end; rows of views only. */
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
  /** Rows of corrections only. */
  readonly window: WindowBounds | undefined;
}

const boundName = /^window_(start|end)$/;
const boundText = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/**
 * Reads the window out of the dimensions: with it each window would be a series of its own. What is not
 * a window in the form of view rows stays a dimension, so that no two rows become one.
 */
export function seriesOf(
  { dimensionSet: { dimensions, sortKey } }: PreparedRow,
  table: StoreTable,
  time: RowTime,
): RowSeries {
  const none = { beforeMs: undefined, afterMs: undefined, window: undefined };
  const window = table === 'raw' ? undefined : windowOf(dimensions);
  if (window === undefined) return { key: sortKey, dimensions, ...none };
  const others = dimensions.filter(({ name }) => !boundName.test(name));
  const key = others.map(({ name, value }) => `${name}\0${value}\0`).join('');
  if (table === 'corrections') return { key: `\0${key}`, dimensions: others, ...none, window };
  const [beforeMs, afterMs] = [time.timeMs - window.startMs, window.endMs - time.timeMs];
  // A row stands at a bound of its window. Of others each could be a series of its own.
  if (!time.isWholeMs || (beforeMs !== 0 && afterMs !== 0)) {
    return { key: sortKey, dimensions, ...none };
  }
  const span = `\0${beforeMs} ${afterMs} `;
  return { key: span + key, dimensions: others, beforeMs, afterMs, window: undefined };
}

/** The hash that a series is found by: its parts cannot run into each other. */
export function seriesDigest(measureName: string, series: RowSeries): string {
  const { beforeMs = null, afterMs = null, dimensions } = series;
  const parts = [
    measureName,
    beforeMs,
    afterMs,
    ...dimensions.map(({ name, value }) => [name, value]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Dimensions as `jsonb` holds them. */
export function dimensionsJson(dimensions: readonly Dimension[]): string {
  return JSON.stringify(
    Object.fromEntries(
      dimensions.map(({ name, value }) => [storableText(name), storableText(value)]),
    ),
  );
}

function windowOf(dimensions: readonly Dimension[]): WindowBounds | undefined {
  const startMs = boundMs(dimensions, 'window_start');
  const endMs = boundMs(dimensions, 'window_end');
  return startMs === undefined || endMs === undefined ? undefined : { startMs, endMs };
}

function boundMs(dimensions: readonly Dimension[], name: string): number | undefined {
  const text = dimensions.find((dimension) => dimension.name === name)?.value;
  if (text === undefined || !boundText.test(text)) return undefined;
  const timeMs = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(timeMs)) return undefined;
  // The 30th of February is another day in another form.
  const again = new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
  return again === text ? timeMs : undefined;
}
