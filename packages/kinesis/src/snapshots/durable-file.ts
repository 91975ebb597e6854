import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileWriteError } from '../errors.ts';

/** Makes a directory that its owner alone may enter, and its parents where they are missing. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new FileWriteError(path, cause as NodeJS.ErrnoException);
  }
}

/**
 * Replaces a file so that after a crash it holds either the old content or the new, whole: written
 * aside, synced, renamed, and the directory synced.
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
