import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { QueryWatch } from '../../src/udf/query-watch.ts';
import { registerUdfs } from '../../src/udf/register-udfs.ts';

/** DuckDB in memory with this server's functions, without the SQL dialect. */
export interface UdfFixture extends Disposable {
  /** The columns of a DuckDB statement's result. */
  columns(sql: string): Promise<readonly (readonly DuckDBValue[])[]>;
}

export async function openUdfs(watch: QueryWatch = {}): Promise<UdfFixture> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const functions = registerUdfs(connection, watch);
  return {
    columns: async (sql) => (await connection.runAndReadAll(sql)).getColumns(),
    [Symbol.dispose]: () => {
      functions[Symbol.dispose]();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
