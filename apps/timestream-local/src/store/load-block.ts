import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { doubleBits } from './double-bits.ts';
import type { Column } from './catalog-types.ts';
import type { VersionBlock } from './version-block.ts';
import { offsetOf } from './version-index.ts';

/** Where the rows of a table lie. */
interface StoredRows {
  readonly rowsTable: string;
  /** By name. */
  readonly columns: ReadonlyMap<string, Column>;
}

interface LoadOptions {
  readonly table: StoredRows;
  readonly connection: DuckDBConnection;
  readonly block: VersionBlock;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Reads the versions of a span of event time. Rows lie in the order of time, so little is read. */
export async function loadBlock(options: LoadOptions): Promise<void> {
  const { table, connection, block, fromNs, toNs } = options;
  const single = (name: string) => table.columns.get(`measure_value::${name}`)?.physical ?? 'NULL';
  const result = await connection.stream(
    `SELECT series, "time", version, fingerprint,
            ${single('double')}, ${single('bigint')}, ${single('boolean')}
     FROM ${table.rowsTable} WHERE "time" >= ${fromNs} AND "time" < ${toNs}`,
  );
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    for (const [series, timeNs, version, ...values] of chunk.getRows()) {
      block.set(Number(series), offsetOf(timeNs as bigint), {
        version: version as bigint,
        fingerprint: fingerprintOf(values),
      });
    }
  }
}

/** Only values that are not numbers have a stored fingerprint. */
function fingerprintOf(values: readonly DuckDBValue[]): bigint {
  const [stored, double, long, flag] = values;
  if (typeof stored === 'bigint') return stored;
  if (typeof double === 'number') return doubleBits(double);
  if (typeof long === 'bigint') return long;
  return flag === true ? 1n : 0n;
}
