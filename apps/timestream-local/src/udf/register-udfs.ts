import type { DuckDBConnection } from '@duckdb/node-api';
import { functionUdfs } from './function-udfs.ts';
import type { QueryWatch } from './query-watch.ts';
import { roomUdfs } from './room-udfs.ts';
import { seriesUdfs } from './series-udfs.ts';
import { textUdfs } from './text-udfs.ts';
import type { Udf } from './udf.ts';

const allUdfs: readonly Udf[] = [...textUdfs, ...functionUdfs, ...seriesUdfs, ...roomUdfs];

/**
 * Registers this server's functions for the whole DuckDB instance.
 *
 * @param watch lets functions check between rows whether their query was stopped
 * @returns dispose it before closing the instance; until then, the functions keep the process alive
 */
export function registerUdfs(connection: DuckDBConnection, watch: QueryWatch = {}): Disposable {
  const functions = allUdfs.map(({ create }) => create(watch));
  for (const each of functions) connection.registerScalarFunction(each);
  return {
    [Symbol.dispose]: () => {
      for (const each of functions) each.destroySync();
    },
  };
}
