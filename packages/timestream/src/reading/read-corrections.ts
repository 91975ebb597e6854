import {
  parseCorrection,
  type Answer,
  type CorrectionsChoice,
  type QueryResult,
  type ReadLimits,
  type StoredCorrection,
} from '@highwater/model';
import type { ReadTable } from './read-rows.ts';
import {
  filterTerms,
  instant,
  literal,
  measureTerms,
  parseTimeMs,
  timeBetween,
  windowBound,
} from './sql-text.ts';

/** See `RowReader.corrections`. */
export async function readCorrections(
  { api, table, columns }: ReadTable,
  { order, measures, filters, ...range }: CorrectionsChoice,
  { rowsMax, signal }: ReadLimits,
): Promise<Answer<StoredCorrection>> {
  const isUnknown = Object.keys(filters).some((name) => !columns.dimensions.includes(name));
  if (isUnknown) return { items: [], isTruncated: false, elapsedMs: 0 };
  const terms = [
    ...(order === 'arrival'
      ? [timeBetween(range)]
      : [
          `time >= ${instant(range.fromMs)}`,
          `window_end > ${literal(windowBound(range.fromMs))}`,
          `window_start < ${literal(windowBound(range.toMs))}`,
        ]),
    ...measureTerms(measures),
    ...filterTerms(filters),
  ];
  const result = await api.query(
    `SELECT * FROM ${table} WHERE ${terms.join(' AND ')} ORDER BY time DESC LIMIT ${rowsMax + 1}`,
    { rowsMax: rowsMax + 1, signal },
  );
  return {
    items: result.rows.slice(0, rowsMax).flatMap((row) => readRow(result, row)),
    isTruncated: result.rows.length > rowsMax,
    elapsedMs: result.elapsedMs,
  };
}

const notDimensions = new Set(['measure_name', 'time', 'window_start', 'window_end']);

function readRow(
  { columns }: QueryResult,
  row: readonly (string | null)[],
): readonly StoredCorrection[] {
  const cells = new Map(columns.map(({ name }, index) => [name, row[index] ?? null]));
  const change = parseCorrection(cells.get('measure_value::varchar'));
  const [start, end, time] = ['window_start', 'window_end', 'time'].map((name) => cells.get(name));
  if (!change || !start || !end || !time) return [];
  const dimensions: Record<string, string> = {};
  for (const [name, value] of cells) {
    const isDimension = !notDimensions.has(name) && !name.startsWith('measure_value::');
    if (isDimension && value !== null) dimensions[name] = value;
  }
  return [
    {
      measure: cells.get('measure_name') ?? '',
      dimensions,
      windowStartMs: parseTimeMs(start),
      windowEndMs: parseTimeMs(end),
      knownAtMs: parseTimeMs(time),
      ...change,
    },
  ];
}
