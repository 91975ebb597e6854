import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileWriteError } from '../errors.ts';

/** Makes a directory that only its owner can access, and missing parents. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new FileWriteError(path, cause as NodeJS.ErrnoException);
  }
}

/**
 * Replaces a file so that after a crash, it has either the old or the new content, complete. Writes
 * a temporary file, syncs it, renames it, and syncs the directory.
 *
 * @throws {FileWriteError} the old content is still there
 */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const aside = `${path}.new`;
  try {
    await writeSynced(aside, content);
    await rename(aside, path);
    await using directory = await open(dirname(path), 'r');
    await directory.sync();
  } catch (cause) {
    // The part that was written takes space that other files could use.
    await rm(aside, { force: true }).catch(() => undefined);
    throw new FileWriteError(path, cause as NodeJS.ErrnoException);
  }
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(content);
  await file.sync();
}
