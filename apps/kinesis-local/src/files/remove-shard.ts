import { readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isShardFile } from './file-names.ts';

/** The result of removing the directory of a shard. */
export interface RemovedShard {
  readonly filesCount: number;
  /** Paths of foreign entries or links, which were left alone together with their directories. */
  readonly left: readonly string[];
}

/** Removes the directory of a shard with Highwater's files in it, and nothing else. */
export async function removeShard(directory: string): Promise<RemovedShard> {
  const left: string[] = [];
  let filesCount = 0;
  const entries = await readdir(directory, { withFileTypes: true }).catch(noneIfMissing);
  if (entries === undefined) return { filesCount, left };
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (!entry.isFile() || !isShardFile(entry.name)) left.push(path);
    else {
      await unlink(path);
      filesCount += 1;
    }
  }
  if (left.length === 0) await rmdir(directory);
  return { filesCount, left };
}

/** A shard whose files could not be created has none. */
function noneIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Removes a directory if it is empty. */
export async function removeIfEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw error;
  });
}
