import type { DuckDBInstance } from '@duckdb/node-api';
import { chmod, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createDuckDb, type DuckDbOptions } from './create-duckdb.ts';
import { DataFileError } from './errors.ts';
import { explainOpening } from './explain-file-error.ts';

/**
 * Opens the database of a server. Its file is for its owner alone.
 *
 * @throws {DataFileError} when the file is in use, is damaged or is not a DuckDB file
 * @throws {OutOfSpaceError} when there is no room to open it
 */
export async function openDuckDb({ path, memoryBytesMax }: DuckDbOptions): Promise<DuckDBInstance> {
  if (path === undefined) return createDuckDb({ path, memoryBytesMax });
  const file = resolve(path);
  // The file's lock keeps other processes out, but not this one.
  if (openFiles.has(file)) {
    throw new DataFileError(`opening ${path}: this process has already opened it`);
  }
  openFiles.add(file);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    if (!(await isThere(file))) {
      if (await isThere(`${file}.wal`)) throw lostFile(path);
      // Of a file that somebody has taken away to start empty.
      await rm(`${file}.commits`, { force: true });
    }
    const instance = await createDuckDb({ path: file, memoryBytesMax });
    for (const part of [file, `${file}.wal`]) await makePrivate(part);
    return instance;
  } catch (cause) {
    openFiles.delete(file);
    throw cause instanceof DataFileError ? cause : explainOpening(path, cause);
  }
}

const openFiles = new Set<string>();

/** Says that a file is no longer open. */
export function releaseFile(path: string | undefined): void {
  if (path !== undefined) openFiles.delete(resolve(path));
}

/** DuckDB would create a new one, and drop the log. */
function lostFile(path: string): DataFileError {
  return new DataFileError(
    `opening ${path}: it is missing, but its log ${path}.wal is there; restore both from a backup, or move the log away to start empty`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/**
 * A file of an earlier release may be readable by everybody. A file of another owner stays
 * unchanged.
 */
async function makePrivate(path: string): Promise<void> {
  await chmod(path, 0o600).catch(() => undefined);
}
