import type { WindowRow, WindowsReply, WindowsRequest } from '../contract.ts';
import { readCorrections } from '../corrections/read-corrections.ts';
import type { QueryPort } from '../store/query-port.ts';
import {
  filterTerms,
  identifier,
  literal,
  parseTimeMs,
  timeBetween,
  windowBound,
} from '../store/sql-text.ts';
import type { Tables } from '../store/tables.ts';
import { asKnownAt } from './undo-corrections.ts';
import { valueExpression } from './value-expression.ts';

/** More windows than fit in a chart. */
const windowsMax = 4_000;

/**
 * The longest window that is searched outside the range, because a row's time is the end or the
 * start of its window.
 */
const windowSizeMsMax = 24 * 3_600_000;

const correctionsMax = 2_000;

/** The windows of a view's measure that overlap a range, with the averages of their rows. */
export async function readWindows(
  store: { readonly port: QueryPort; readonly tables: Tables },
  request: WindowsRequest,
  signal: AbortSignal,
): Promise<WindowsReply> {
  const { port, tables } = store;
  const columns = await tables.columns(tables.rows, signal);
  const value = columns && valueExpression(columns);
  if (!columns?.hasWindows || value === undefined) {
    return { windows: [], isTruncated: false, elapsedMs: 0 };
  }
  const { fromMs, toMs, measure, filters, asKnownAtMs } = request;
  const by = columns.dimensions.find((name) => name === request.by);
  const group = by === undefined ? '' : `, ${identifier(by)}`;
  const filled = columns.hasFilled
    ? `SUM(CASE WHEN interpolated <> 'none' THEN 1 ELSE 0 END)`
    : '0';
  const terms = [
    `measure_name = ${literal(measure)}`,
    timeBetween({ fromMs: fromMs - windowSizeMsMax, toMs: toMs + windowSizeMsMax }),
    `window_end > ${literal(windowBound(fromMs))}`,
    `window_start < ${literal(windowBound(toMs))}`,
    ...filterTerms(filters),
  ];
  const { rows, isTruncated, elapsedMs } = await port.query(
    `SELECT window_start, window_end, AVG(${value}) AS mean, MIN(${value}) AS least, MAX(${value}) AS greatest,` +
      ` COUNT(*) AS rows, ${filled} AS filled${group} FROM ${tables.rows} WHERE ${terms.join(' AND ')}` +
      ` GROUP BY window_start, window_end${group} ORDER BY window_start`,
    { rowsMax: windowsMax, signal },
  );
  const windows = rows.flatMap(readWindow);
  if (asKnownAtMs === undefined) return { windows, isTruncated, elapsedMs };
  const known = await readCorrections(
    store,
    {
      fromMs,
      toMs,
      measures: [measure],
      filters,
      order: 'window',
      limit: correctionsMax,
    },
    signal,
  );
  return {
    windows: asKnownAt(windows, known.corrections, { atMs: asKnownAtMs, by }),
    isTruncated: isTruncated || known.isTruncated,
    elapsedMs,
  };
}

function readWindow(row: readonly (string | null)[]): readonly WindowRow[] {
  const [start, end, mean, least, greatest, count, filled, group] = row;
  if (!start || !end || mean === null) return [];
  const [meanNumber, min, max] = [Number(mean), Number(least), Number(greatest)];
  if (![meanNumber, min, max].every(Number.isFinite)) return [];
  return [
    {
      group: group ?? '',
      startMs: parseTimeMs(start),
      endMs: parseTimeMs(end),
      mean: meanNumber,
      min,
      max,
      rowsCount: Number(count),
      isFilled: Number(filled) >= Number(count),
    },
  ];
}
