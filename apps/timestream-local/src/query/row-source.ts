import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { Clock } from '@highwater/model';
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

interface DuckStatement {
  readonly sql: string;
  readonly columnTypes: readonly SqlType[];
  readonly clock: Clock;
}

/**
 * Rows of a DuckDB statement, computed as they are asked for. It keeps the state of the tables as it
 * was at the first row.
 */
export function duckRows(
  connection: DuckDBConnection,
  { sql, columnTypes, clock }: DuckStatement,
): RowSource {
  const encoders = columnTypes.map(encoderFor);
  let result: DuckDBResult | undefined;
  let reading = new AbortController();
  return {
    next: async () => {
      reading = new AbortController();
      const chunk = await readChunk().finally(() => reading.abort());
      if (!chunk || chunk.rowCount === 0) return [];
      const columns = encoders.map((encode, at) => chunk.getColumnValues(at).map(encode));
      return Array.from({ length: chunk.rowCount }, (_, row) =>
        columns.map((column): Datum => column[row] ?? { NullValue: true }),
      );
    },
    interrupt: () => void interruptUntil(reading.signal, connection, clock),
    close: () => connection.closeSync(),
  };

  async function readChunk() {
    result ??= await connection.stream(sql);
    return result.fetchChunk();
  }
}

const interruptEveryMs = 50;

/** What comes before DuckDB has begun to compute has no effect, so once is not enough. */
async function interruptUntil(
  ended: AbortSignal,
  connection: DuckDBConnection,
  clock: Clock,
): Promise<void> {
  while (!ended.aborted) {
    connection.interrupt();
    await clock.sleep(interruptEveryMs, ended).catch(() => undefined);
  }
}
