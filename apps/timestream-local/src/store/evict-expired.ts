import { statement } from './change.ts';
import type { Store } from './store.ts';

const hourNs = 3_600_000_000_000n;
const slackNs = hourNs;

/**
 * Deletes rows that are older than a table's retention, and series without rows. Memory and
 * magnetic retention add up, plus an hour for records that the time window accepts beyond them.
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
    await store.exclusively(async ({ connection, commit }) => {
      if (table.isDropped) return;
      const { rowsTable, seriesTable } = table;
      const isExpired = `"time" < ${beforeNs}`;
      const found = await connection.run(`SELECT 1 FROM ${rowsTable} WHERE ${isExpired} LIMIT 1`);
      if ((await found.getRows()).length === 0) return;
      await commit([
        statement(`DELETE FROM ${rowsTable} WHERE ${isExpired}`),
        statement(`DELETE FROM ${seriesTable} WHERE id NOT IN (SELECT series FROM ${rowsTable})`),
      ]);
      table.forgetWriting();
    });
  }
}
