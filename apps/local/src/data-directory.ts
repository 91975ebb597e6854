import { removePostgres } from '@highwater/postgres-server';
import { chmod, lstat, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DataDirectoryError } from './errors.ts';

/**
 * The directory where the stack stores everything. One stack holds it at a time, until it is
 * disposed.
 */
export interface DataDirectory extends AsyncDisposable {
  readonly path: string;
  readonly logs: string;
  /** Leases, checkpoints, and snapshots of the services. */
  readonly state: string;
  readonly deadLetters: string;
  /** Compiled code, so that services start faster. It can be removed without loss. */
  readonly cache: string;
}

/** A directory with this file belongs to Highwater, and may be emptied. */
const markerName = 'highwater-local.json';
const marker = '{"version":1}\n';
const lockName = 'stack.pid';
const cacheName = 'cache';
const kept = new Set([markerName, lockName, cacheName]);

/**
 * Files and directories made by the stack and its servers. A directory is removed with its content.
 */
const made: ReadonlySet<string> = new Set([
  ...kept,
  'logs',
  'state',
  'dead-letters',
  'kinesis',
  'postgres',
  'postgres-url',
  'timestream.duckdb.commits',
  // DuckDB's file and the replicas of the engines, each with its logs and spill files.
  ...['', '.queries', '.functions'].flatMap((of) =>
    ['', '.wal', '.wal.checkpoint', '.wal.recovery', '.tmp'].map(
      (part) => `timestream.duckdb${of}${part}`,
    ),
  ),
]);

/** Maximum number of foreign names in the message. */
const namesToldMax = 10;

/** Where the PostgreSQL server of a stack has its files. Under root, they may be elsewhere. */
export function postgresDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'postgres');
}

/**
 * Opens the data directory, and creates it if it is missing.
 *
 * @param isFresh removes the files of an earlier stack; rejected, without removing anything, if the
 * directory contains other files
 * @throws {DataDirectoryError} when it contains foreign files, another stack runs in it, or it
 * cannot be written
 * @throws {PostgresServerError} when the PostgreSQL server of an earlier stack still runs
 */
export async function openDataDirectory(path: string, isFresh: boolean): Promise<DataDirectory> {
  const directory = resolve(path);
  try {
    return await prepare(directory, isFresh);
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const detail = `${message}; set --data-dir to a directory that can be created and written`;
    throw new DataDirectoryError(directory, detail, { cause });
  }
}

async function prepare(directory: string, isFresh: boolean): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const names = await readdir(directory);
  if (names.length > 0 && !names.includes(markerName)) {
    throw new DataDirectoryError(
      directory,
      `it contains other files and no ${markerName}; set --data-dir to an empty or new directory`,
    );
  }
  await writeMarker(directory);
  const lock = await takeLock(directory);
  if (isFresh) {
    try {
      await removeOld(directory, names);
    } catch (error) {
      await rm(lock, { force: true });
      throw error;
    }
  }
  const data = {
    path: directory,
    logs: join(directory, 'logs'),
    state: join(directory, 'state'),
    deadLetters: join(directory, 'dead-letters'),
    cache: join(directory, cacheName),
  };
  for (const part of [data.logs, data.state, data.deadLetters]) await makePart(part);
  return { ...data, [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/**
 * It contains rows, letters, and logs, so only its owner may access it, even if an earlier release
 * has made it.
 */
async function makePart(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  if (found.isDirectory() && (found.mode & 0o077) !== 0) await chmod(path, 0o700);
}

/**
 * Its name says that the directory belongs to Highwater. Its content would only matter if it had
 * another version.
 */
async function writeMarker(directory: string): Promise<void> {
  const path = join(directory, markerName);
  const found = await readFile(path, 'utf8').catch(() => '');
  const version = /^\{"version":(\d+)\}/.exec(found)?.[1];
  if (version !== undefined && version !== '1') {
    const detail = `${markerName} has version ${version}, but this stack reads version 1; set --data-dir to another directory`;
    throw new DataDirectoryError(directory, detail);
  }
  if (found !== marker) await writeFile(path, marker, { mode: 0o600 });
}

/** Removes links, but not their targets. */
async function removeOld(directory: string, names: readonly string[]): Promise<void> {
  const foreign = names.filter((name) => !made.has(name));
  if (foreign.length > 0) {
    const told = foreign.slice(0, namesToldMax).join(', ');
    const more = foreign.length > namesToldMax ? `, and ${foreign.length - namesToldMax} more` : '';
    const detail = `it contains files that the stack did not create (${told}${more}), so nothing was removed; move them away, or set --data-dir to another directory`;
    throw new DataDirectoryError(directory, detail);
  }
  // It may still be stopping, and its files may be outside the directory.
  await removePostgres(postgresDirectory(directory));
  const old = names.filter((name) => !kept.has(name));
  // Another server that is still stopping removes its own files.
  for (const name of old) await rm(join(directory, name), { recursive: true, force: true });
}

/**
 * Two stacks in one directory would overwrite each other's checkpoints. The file contains the
 * number twice, so that a damaged number does not look like that of an ended process.
 */
async function takeLock(directory: string): Promise<string> {
  const lock = join(directory, lockName);
  const holder = holderOf(await readFile(lock, 'utf8').catch(() => undefined));
  if (holder === 'unreadable') {
    const detail = `${lock} is damaged, so it is unknown whether a stack uses the directory; if none does, remove the file`;
    throw new DataDirectoryError(directory, detail);
  }
  if (holder !== 'none' && isRunning(holder)) {
    throw new DataDirectoryError(
      directory,
      `process ${holder} runs a stack in it; stop that stack, or remove ${lock} if the process is not a stack`,
    );
  }
  await rm(lock, { force: true });
  await using file = await open(lock, 'wx', 0o600);
  try {
    await file.writeFile(`${process.pid}\n${process.pid}\n`);
    await file.sync();
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
  return lock;
}

function holderOf(lock: string | undefined): number | 'none' | 'unreadable' {
  if (lock === undefined) return 'none';
  const pid = /^(\d+)\n\1\n$/.exec(lock)?.[1];
  return pid === undefined ? 'unreadable' : Number(pid);
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // If signaling it is not permitted, it exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
