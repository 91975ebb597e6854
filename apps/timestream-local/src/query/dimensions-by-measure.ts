import type { Store } from '../store/store.ts';
import type { TableState } from '../store/table-state.ts';

/** Which dimensions the series of each measure name have, in the order of the table's columns. */
export async function dimensionsByMeasure(
  store: Store,
  table: TableState,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const columns = table.committedOf('dimension');
  const counts = columns.map(({ physical }) => `count(${physical})`);
  const connection = await store.connect();
  try {
    const result = await connection.run(
      `SELECT ${['measure_name', ...counts].join(', ')} FROM ${table.seriesTable} GROUP BY measure_name`,
    );
    return new Map(
      (await result.getRows()).map(([measure, ...present]) => [
        String(measure),
        columns.filter((_, at) => present[at] !== 0n).map(({ name }) => name),
      ]),
    );
  } finally {
    connection.closeSync();
  }
}
