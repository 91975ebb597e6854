import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { SqlType } from '../types/sql-type.ts';
import { encoderFor, type Datum } from './encode-datum.ts';

export type EncodedRow = readonly Datum[];

/** Where a query's rows come from, some at a time. */
export interface RowSource {
  /** The next rows; empty at the end. */
  next(): Promise<readonly EncodedRow[]>;
  /** Ends a `next` under way with an error. */
  interrupt(): void;
  close(): void;
}

/** Rows that are there already, as of SHOW. */
export function fixedRows(rows: readonly EncodedRow[]): RowSource {
  let left = rows;
  return {
    next: () => {
      const all = left;
      left = [];
      return Promise.resolve(all);
    },
    interrupt: () => undefined,
    close: () => undefined,
  };
}

/**
 * Rows of a DuckDB statement, computed as they are asked for. It keeps the state of the tables as it
 * was at the first row.
 */
export function duckRows(
  connection: DuckDBConnection,
  sql: string,
  columnTypes: readonly SqlType[],
): RowSource {
  const encoders = columnTypes.map(encoderFor);
  let result: DuckDBResult | undefined;
  return {
    next: async () => {
      result ??= await connection.stream(sql);
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return [];
      const columns = encoders.map((encode, at) => chunk.getColumnValues(at).map(encode));
      return Array.from({ length: chunk.rowCount }, (_, row) =>
        columns.map((column): Datum => column[row] ?? { NullValue: true }),
      );
    },
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  };
}
