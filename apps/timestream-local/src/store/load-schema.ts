import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, MeasureKind } from './catalog-types.ts';

/** What a table has learnt from its records. */
interface Schema {
  readonly info: { readonly id: number };
  readonly columns: Map<string, Column>;
  readonly measures: Map<string, MeasureKind>;
  markCommitted(): void;
}

/**
 * Reads a table's columns, in the order they appeared in, and its measure names. The physical name
 * tells the order, and not `ordinal`: files of earlier servers have it out of order.
 */
export async function loadSchema(table: Schema, connection: DuckDBConnection): Promise<void> {
  const columns = await connection.run(
    'SELECT name, role, type, physical FROM hw_columns WHERE table_id = $1 ORDER BY CAST(substr(physical, 2) AS INTEGER)',
    [table.info.id],
  );
  for (const row of await columns.getRowObjects()) {
    const column = row as unknown as Column;
    table.columns.set(column.name, column);
  }
  table.markCommitted();
  const measures = await connection.run('SELECT name, kind FROM hw_measures WHERE table_id = $1', [
    table.info.id,
  ]);
  for (const [name, kind] of await measures.getRows()) {
    table.measures.set(String(name), kind as MeasureKind);
  }
}
