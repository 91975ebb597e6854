import type { Answer, MeasureChoice, ReadLimits, WindowSummary } from '@highwater/model';
import { groupColumn, isNumber, measureWhere, type ReadTable } from './read-rows.ts';
import { literal, parseTimeMs, windowBound } from './sql-text.ts';
import { valueExpression } from './value-expression.ts';

/** A row's time is its window's end or start: the longest window that is looked for outside the range. */
const windowSizeMsMax = 24 * 3_600_000;

/** See `RowReader.windows`. */
export async function readWindows(
  { api, table, columns }: ReadTable,
  choice: MeasureChoice,
  limits: ReadLimits,
): Promise<Answer<WindowSummary>> {
  const value = valueExpression(columns);
  if (!columns.hasWindows || value === undefined) {
    return { items: [], isTruncated: false, elapsedMs: 0 };
  }
  const { fromMs, toMs } = choice;
  const filled = columns.hasFilled
    ? `SUM(CASE WHEN interpolated <> 'none' THEN 1 ELSE 0 END)`
    : '0';
  const around = { ...choice, fromMs: fromMs - windowSizeMsMax, toMs: toMs + windowSizeMsMax };
  const group = groupColumn(choice, columns);
  const { rows, isTruncated, elapsedMs } = await api.query(
    `SELECT window_start, window_end, AVG(${value}) AS mean, MIN(${value}) AS least, MAX(${value}) AS greatest,` +
      ` COUNT(*) AS rows, ${filled} AS filled${group} FROM ${table} WHERE ${measureWhere(around)}` +
      ` AND window_end > ${literal(windowBound(fromMs))} AND window_start < ${literal(windowBound(toMs))}` +
      ` GROUP BY window_start, window_end${group} ORDER BY window_start`,
    limits,
  );
  return { items: rows.flatMap(readWindow), isTruncated, elapsedMs };
}

function readWindow(row: readonly (string | null)[]): readonly WindowSummary[] {
  const [start, end, mean, least, greatest, count, filled, group] = row;
  if (!start || !end || ![mean, least, greatest].every(isNumber)) return [];
  return [
    {
      group: group ?? '',
      startMs: parseTimeMs(start),
      endMs: parseTimeMs(end),
      mean: Number(mean),
      min: Number(least),
      max: Number(greatest),
      rowsCount: Number(count),
      filledCount: Number(filled),
    },
  ];
}
