import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, MeasureKind } from './catalog-types.ts';

/** What a table has learned from its records. */
interface Schema {
  readonly columns: readonly Column[];
  readonly measures: readonly (readonly [name: string, kind: MeasureKind])[];
}

/**
 * Reads a table's columns, in the order in which they appeared, and its measure names. The order
 * follows from the physical name, not from `ordinal`, because files of earlier servers have that
 * out of order.
 */
export async function loadSchema(tableId: number, connection: DuckDBConnection): Promise<Schema> {
  const columns = await connection.run(
    'SELECT name, role, type, physical FROM hw_columns WHERE table_id = $1 ORDER BY CAST(substr(physical, 2) AS INTEGER)',
    [tableId],
  );
  const measures = await connection.run('SELECT name, kind FROM hw_measures WHERE table_id = $1', [
    tableId,
  ]);
  return {
    columns: (await columns.getRowObjects()) as unknown as readonly Column[],
    measures: (await measures.getRows()) as unknown as Schema['measures'],
  };
}
