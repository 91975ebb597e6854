import type { RowReader, StoredRow } from '@highwater/model';

const all = { startMs: 0, endMs: Date.UTC(2200, 0) };

/** Reads every raw row, and closes the reader. */
export async function readAllRaw(opened: RowReader): Promise<readonly StoredRow[]> {
  await using reader = opened;
  const { signal } = new AbortController();
  const found: StoredRow[] = [];
  for await (const batch of reader.rows('raw', all, { batchRowsMax: 5_000, signal })) {
    found.push(...batch);
  }
  const { rowsCount } = await reader.summarize('raw', all, signal);
  if (rowsCount !== found.length) throw new Error(`${found.length} of ${rowsCount} rows`);
  return found;
}
