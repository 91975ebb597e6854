import type { Correction, CorrectionsReply, CorrectionsRequest } from '../contract.ts';
import type { QueryPort, QueryResult } from '../store/query-port.ts';
import { filterTerms, literal, parseTimeMs, timeBetween, windowBound } from '../store/sql-text.ts';
import type { Tables } from '../store/tables.ts';

/** Corrections of a range of windows, or corrections that became known in a range; newest first. */
export async function readCorrections(
  { port, tables }: { readonly port: QueryPort; readonly tables: Tables },
  request: CorrectionsRequest,
  signal: AbortSignal,
): Promise<CorrectionsReply> {
  const columns = await tables.columns(tables.corrections, signal);
  if (!columns) return { corrections: [], isTruncated: false, isMissing: true };
  const { fromMs, toMs, order, measures, filters, limit } = request;
  const unknown = Object.keys(filters).some((name) => !columns.dimensions.includes(name));
  if (unknown) return { corrections: [], isTruncated: false, isMissing: false };
  const terms = [
    ...(order === 'arrival'
      ? [timeBetween(request)]
      : [
          `time >= from_milliseconds(${fromMs})`,
          `window_end > ${literal(windowBound(fromMs))}`,
          `window_start < ${literal(windowBound(toMs))}`,
        ]),
    ...(measures.length > 0 ? [`measure_name IN (${measures.map(literal).join(', ')})`] : []),
    ...filterTerms(filters),
  ];
  const result = await port.query(
    `SELECT * FROM ${tables.corrections} WHERE ${terms.join(' AND ')} ORDER BY time DESC LIMIT ${limit + 1}`,
    { rowsMax: limit + 1, signal },
  );
  const corrections = result.rows.slice(0, limit).flatMap((row) => readRow(result, row));
  return { corrections, isTruncated: result.rows.length > limit, isMissing: false };
}

const notDimensions = new Set(['measure_name', 'time', 'window_start', 'window_end']);

function readRow({ columns }: QueryResult, row: readonly (string | null)[]): readonly Correction[] {
  const cells = new Map(columns.map(({ name }, index) => [name, row[index] ?? null]));
  const change = parseChange(cells.get('measure_value::varchar'));
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

type Change = Pick<Correction, 'from' | 'to' | 'points' | 'added' | 'late' | 'lateByMs'>;

/** Anybody may write to the table, so a row that is not a correction is skipped. */
function parseChange(text: string | null | undefined): Change | undefined {
  if (!text) return undefined;
  try {
    const { from, to, points, added, late, lateByMs } = JSON.parse(text) as Partial<Change>;
    const change = { from, to, points, added, late, lateByMs };
    return Object.values(change).every(Number.isFinite) ? (change as Change) : undefined;
  } catch {
    return undefined;
  }
}
