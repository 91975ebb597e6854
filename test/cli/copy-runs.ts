import type { RowReader, StoredRow } from '@highwater/model';
import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { FilledStore } from '../store-contract/filled-store.ts';
import { rowText } from '../store-contract/reader-contract.ts';

const main = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
const tables = ['raw', 'views', 'corrections'] as const;
const all = { startMs: 0, endMs: Date.UTC(2200, 0) };
const { signal } = new AbortController();

/** The rows of every table, as text. */
export type RowTexts = Readonly<Record<string, readonly string[]>>;

/** Every row that a reader sees, as text. */
export async function readTexts(reader: RowReader, hasVersions: boolean): Promise<RowTexts> {
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const rows: StoredRow[] = [];
    for await (const batch of reader.rows(table, all, { batchRowsMax: 1_000, signal })) {
      rows.push(...batch);
    }
    found[table] = rows.map((row) => rowText(row, hasVersions)).toSorted();
  }
  return found;
}

/** Every row that a reader of a filled store has to see, as text. */
export function filledTexts({ written }: FilledStore, hasVersions: boolean): RowTexts {
  return Object.fromEntries(
    tables.map((table) => [
      table,
      written[table].map((row) => rowText(row, hasVersions)).toSorted(),
    ]),
  );
}

/**
 * Kills `highwater copy` when its state has a range more than before.
 *
 * @returns whether the command has ended by itself
 */
export async function copyOneRange(
  words: readonly string[],
  state: string,
  settings: Readonly<Record<string, string>>,
): Promise<boolean> {
  const before = await countLines(state);
  const child = spawn(process.execPath, [main, 'copy', ...words, '--state', state], {
    env: childEnvironment(settings),
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  // The header of a new file is a line, too.
  await expect
    .poll(async () => child.exitCode !== null || (await countLines(state)) > Math.max(1, before))
    .toBe(true);
  child.kill('SIGKILL');
  const [code] = (await exited) as [number | null];
  return code !== null;
}

async function countLines(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}
