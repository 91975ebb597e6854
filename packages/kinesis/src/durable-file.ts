import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file so that after a crash it holds either the old content or the new, whole: written
 * aside, synced, renamed, and the directory synced.
 */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const aside = `${path}.new`;
  await using file = await open(aside, 'w', 0o600);
  await file.writeFile(content);
  await file.sync();
  await rename(aside, path);
  await using directory = await open(dirname(path), 'r');
  await directory.sync();
}
