import type { DuckDBConnection } from '@duckdb/node-api';
import { functionUdfs } from './function-udfs.ts';
import { seriesUdfs } from './series-udfs.ts';
import { textUdfs } from './text-udfs.ts';
import { duckFunction, type Udf } from './udf.ts';

const allUdfs: readonly Udf[] = [...textUdfs, ...functionUdfs, ...seriesUdfs];

/**
 * Makes our functions known to the whole DuckDB instance.
 *
 * @returns to be disposed before the instance is closed: until then they keep the process alive
 */
export function registerUdfs(connection: DuckDBConnection): Disposable {
  const functions = allUdfs.map(duckFunction);
  for (const each of functions) connection.registerScalarFunction(each);
  return {
    [Symbol.dispose]: () => {
      for (const each of functions) each.destroySync();
    },
  };
}
