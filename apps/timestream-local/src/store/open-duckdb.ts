import type { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createDuckDb, type DuckDbOptions } from './create-duckdb.ts';
import { DataFileError } from './errors.ts';

/**
 * Opens the database of a server.
 *
 * @throws {DataFileError} when the file is in use or is not a DuckDB file
 */
export async function openDuckDb({ path, memoryBytesMax }: DuckDbOptions): Promise<DuckDBInstance> {
  if (path === undefined) return createDuckDb({ path, memoryBytesMax });
  const file = resolve(path);
  // The file's lock keeps other processes out, but not this one.
  if (openFiles.has(file)) {
    throw new DataFileError(`opening ${path}: this process has it open already`);
  }
  openFiles.add(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    return await createDuckDb({ path: file, memoryBytesMax });
  } catch (cause) {
    openFiles.delete(file);
    throw new DataFileError(`opening ${path}: ${explain(String(cause))}`, { cause });
  }
}

const openFiles = new Set<string>();

/** Says that a file is no longer open. */
export function releaseFile(path: string | undefined): void {
  if (path !== undefined) openFiles.delete(resolve(path));
}

function explain(message: string): string {
  const holder = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(message);
  if (holder) return `process ${holder[2]} (${holder[1]}) has it; stop it or choose another file`;
  if (/corrupt database file/i.test(message)) {
    return `it is damaged; put a copy in its place, or move it and its .wal away to start empty (${message})`;
  }
  // As a word: a damaged file is reported with its block.
  if (/\block\b/i.test(message)) return `another process has it; stop it or choose another file`;
  return message.replace(/^Error: /, '');
}
