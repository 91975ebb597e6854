import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { registerUdfs } from '../../src/udf/register-udfs.ts';

/** DuckDB in memory with our functions, and nothing of the dialect around them. */
export interface UdfFixture extends Disposable {
  /** The rows of a statement of DuckDB's. */
  rows(sql: string): Promise<readonly (readonly DuckDBValue[])[]>;
}

export async function openUdfs(): Promise<UdfFixture> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const functions = registerUdfs(connection);
  return {
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    [Symbol.dispose]: () => {
      functions[Symbol.dispose]();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
