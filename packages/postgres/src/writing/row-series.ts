import { createHash } from 'node:crypto';
import type { Dimension, StoreTable } from '@highwater/model';
import type { DimensionSet, PreparedRow } from '@highwater/store-kit';
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
const boundText = /^(?!0000)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/** Dimensions with the bounds of a window, and what is left without them. */
interface WindowedSet {
  readonly window: WindowBounds;
  readonly key: string;
  readonly dimensions: readonly Dimension[];
  /** Of the last row of a view: others of the set have its time, so that they have its series. */
  latest?: RowSeries;
}

/** The sets of write calls, by set: reading a window costs more than all else that a row needs. */
const windowedSets = new WeakMap<DimensionSet, WindowedSet | 'without window'>();

/**
 * Reads the window out of the dimensions: with it each window would be a series of its own. What is not
 * a window in the form of view rows stays a dimension, so that no two rows become one.
 */
export function seriesOf(
  { dimensionSet }: PreparedRow,
  table: StoreTable,
  time: RowTime,
): RowSeries {
  const none = { beforeMs: undefined, afterMs: undefined, window: undefined };
  const whole = { key: dimensionSet.sortKey, dimensions: dimensionSet.dimensions, ...none };
  const windowed = table === 'raw' ? 'without window' : windowedSetOf(dimensionSet);
  if (windowed === 'without window') return whole;
  const { window, key, dimensions, latest } = windowed;
  if (table === 'corrections') return { key: `\0${key}`, dimensions, ...none, window };
  const [beforeMs, afterMs] = [time.timeMs - window.startMs, window.endMs - time.timeMs];
  // A row stands at a bound of its window. Of others each could be a series of its own.
  if (!time.isWholeMs || (beforeMs !== 0 && afterMs !== 0)) return whole;
  if (latest?.beforeMs === beforeMs) return latest;
  const span = `\0${beforeMs} ${afterMs} `;
  windowed.latest = { key: span + key, dimensions, beforeMs, afterMs, window: undefined };
  return windowed.latest;
}

function windowedSetOf(set: DimensionSet): WindowedSet | 'without window' {
  const known = windowedSets.get(set);
  if (known !== undefined) return known;
  const window = windowOf(set.dimensions);
  const dimensions = set.dimensions.filter(({ name }) => !boundName.test(name));
  const key = dimensions.map(({ name, value }) => `${name}\0${value}\0`).join('');
  const read = window === undefined ? 'without window' : { window, key, dimensions };
  windowedSets.set(set, read);
  return read;
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
  // The 30th of February and 24 o'clock are on another day, whose text is another one.
  return new Date(timeMs).getUTCDate() === Number(text.slice(8, 10)) ? timeMs : undefined;
}
