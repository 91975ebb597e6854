import type { MeasureInfo, MeasuresReply, RangeRequest } from '../contract.ts';
import type { QueryPort } from '../store/query-port.ts';
import { parseTimeMs, timeBetween } from '../store/sql-text.ts';
import type { Tables } from '../store/tables.ts';
import { valueExpression } from './value-expression.ts';

/** More measures than a person can choose from. */
const measuresMax = 2_000;

/** The measures that have rows in a range, and the dimensions that distinguish series. */
export async function readMeasures(
  { port, tables }: { readonly port: QueryPort; readonly tables: Tables },
  range: RangeRequest,
  signal: AbortSignal,
): Promise<MeasuresReply> {
  const columns = await tables.columns(tables.rows, signal);
  if (!columns) return { measures: [], dimensions: [] };
  const { dimensions, hasWindows } = columns;
  const number = valueExpression(columns);
  const statement = [
    `SELECT measure_name, COUNT(*) AS points, MAX(time) AS newest,`,
    `${number === undefined ? '0' : `COUNT(${number})`} AS numbers, ${hasWindows ? 'COUNT(window_start)' : '0'} AS windows`,
    `FROM ${tables.rows} WHERE ${timeBetween(range)} GROUP BY measure_name ORDER BY measure_name`,
  ].join(' ');
  const { rows } = await port.query(statement, { rowsMax: measuresMax, signal });
  return { measures: rows.map(readMeasure), dimensions };
}

function readMeasure(row: readonly (string | null)[]): MeasureInfo {
  const [name, points, newest, numbers, windows] = row;
  return {
    name: name ?? '',
    isNumber: Number(numbers) > 0,
    pointsCount: Number(points),
    newestMs: newest ? parseTimeMs(newest) : 0,
    isView: Number(windows) > 0,
  };
}
