import type { Store } from './store.ts';

const hourNs = 3_600_000_000_000n;
const slackNs = hourNs;

/**
 * Deletes what is older than a table keeps, and the series that have no rows left: memory and magnetic
 * retention add up, and an hour of slack covers what the time window lets in beyond them.
 */
export async function evictExpired(store: Store, nowMs: number): Promise<void> {
  const nowNs = BigInt(Math.floor(nowMs)) * 1_000_000n;
  const tables = store.catalog
    .databases()
    .flatMap(({ name }) => store.catalog.tables(name))
    .map((table) => {
      const { memoryHours, magneticDays } = table.info.settings;
      const keptNs = (BigInt(memoryHours) + BigInt(magneticDays) * 24n) * hourNs;
      return { table, beforeNs: nowNs - keptNs - slackNs };
    });
  for (const { table, beforeNs } of tables) {
    if (beforeNs <= 0n) continue;
    await store.exclusively(async (connection) => {
      if (table.isDropped) return;
      const { rowsTable, seriesTable } = table;
      const deleted = await connection.run(`DELETE FROM ${rowsTable} WHERE "time" < ${beforeNs}`);
      if (deleted.rowsChanged === 0) return;
      table.forgetWriting();
      await connection.run(
        `DELETE FROM ${seriesTable} WHERE id NOT IN (SELECT series FROM ${rowsTable})`,
      );
    });
  }
}
