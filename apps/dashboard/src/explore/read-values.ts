import type { ValuesReply, ValuesRequest } from '../contract.ts';
import type { QueryPort } from '../store/query-port.ts';
import { filterTerms, identifier, literal, timeBetween } from '../store/sql-text.ts';
import type { Tables } from '../store/tables.ts';

/**
 * The values of one dimension with the most points, among the series that the other dimensions leave,
 * so that a choice never leads to nothing.
 */
export async function readValues(
  { port, tables }: { readonly port: QueryPort; readonly tables: Tables },
  request: ValuesRequest,
  signal: AbortSignal,
): Promise<ValuesReply> {
  const columns = await tables.columns(tables.rows, signal);
  const { dimension, limit, measures, search } = request;
  if (!columns?.dimensions.includes(dimension)) return { values: [], isTruncated: false };
  const { [dimension]: _own, ...others } = request.filters;
  const name = identifier(dimension);
  const terms = [
    timeBetween(request),
    `${name} IS NOT NULL`,
    ...(measures.length > 0 ? [`measure_name IN (${measures.map(literal).join(', ')})`] : []),
    ...filterTerms(others),
    ...(search ? [`LOWER(${name}) LIKE ${literal(`%${escapeLike(search)}%`)} ESCAPE '\\'`] : []),
  ];
  const { rows } = await port.query(
    `SELECT ${name}, COUNT(*) AS points FROM ${tables.rows} WHERE ${terms.join(' AND ')}` +
      ` GROUP BY ${name} ORDER BY points DESC, ${name} LIMIT ${limit + 1}`,
    { rowsMax: limit + 1, signal },
  );
  return {
    values: rows.slice(0, limit).map(([value, points]) => ({
      value: value ?? '',
      pointsCount: Number(points),
    })),
    isTruncated: rows.length > limit,
  };
}

function escapeLike(search: string): string {
  return search.toLowerCase().replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}
