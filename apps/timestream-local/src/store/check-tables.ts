import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog } from './catalog.ts';
import type { TableState } from './table-state.ts';

/**
 * Checks that the file has the tables and columns in its catalog, because DuckDB opens a file that
 * has lost one, and would report it only at the first use.
 *
 * @throws {Error} naming the missing table or column
 */
export async function checkTables(connection: DuckDBConnection, catalog: Catalog): Promise<void> {
  const result = await connection.run('SELECT table_name, column_name FROM duckdb_columns()');
  const found = new Set((await result.getRows()).map((names) => names.join('.')));
  for (const { name } of catalog.databases()) {
    for (const table of catalog.tables(name)) {
      const missing = columnsOf(table).find((column) => !found.has(column));
      if (missing !== undefined) throw new Error(`there is no ${missing}`);
    }
  }
}

function columnsOf(table: TableState): readonly string[] {
  const of = (stored: string, names: readonly string[]) => names.map((name) => `${stored}.${name}`);
  const columns = [...table.columns.values()];
  const isDimension = ({ role }: { readonly role: string }) => role === 'dimension';
  const physical = (wanted: typeof columns) => wanted.map((column) => column.physical);
  const dimensions = physical(columns.filter(isDimension));
  const values = physical(columns.filter((column) => !isDimension(column)));
  return [
    ...of(table.seriesTable, ['id', 'measure_name', 'digest_high', 'digest_low', ...dimensions]),
    ...of(table.rowsTable, ['series', 'time', 'version', 'fingerprint', ...values]),
  ];
}
