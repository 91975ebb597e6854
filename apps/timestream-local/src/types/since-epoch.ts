/**
 * Holds the result of an operation to points in time from 1970 on: the service knows no others. The
 * cast fails below zero, costs a scan nothing, and DuckDB still folds a constant.
 */
export function sinceEpoch(timeSql: string): string {
  return `CAST(CAST(${timeSql} AS UBIGINT) AS BIGINT)`;
}
