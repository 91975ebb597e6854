import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DataDirectoryError } from './errors.ts';

/** Where the stack keeps everything; held by one stack at a time until it is disposed. */
export interface DataDirectory extends AsyncDisposable {
  readonly path: string;
  readonly logs: string;
  /** Leases, checkpoints and snapshots of the services. */
  readonly state: string;
  readonly deadLetters: string;
  /** Compiled code, so that services start faster; nothing is lost with it. */
  readonly cache: string;
}

/** A directory with this file in it is ours, and may be emptied. */
const markerName = 'highwater-local.json';
const lockName = 'stack.pid';
const cacheName = 'cache';
const kept = new Set([markerName, lockName, cacheName]);

/**
 * Opens the data directory, and makes it where it is missing.
 *
 * @param isFresh empties it first; refused for a directory that is not ours
 * @throws {DataDirectoryError} when it holds foreign files, another stack runs in it, or it cannot be
 *   written
 */
export async function openDataDirectory(path: string, isFresh: boolean): Promise<DataDirectory> {
  const directory = resolve(path);
  try {
    return await prepare(directory, isFresh);
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const detail = `${message}; name one that can be made and written, with --data-dir`;
    throw new DataDirectoryError(directory, detail, { cause });
  }
}

async function prepare(directory: string, isFresh: boolean): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true });
  const names = await readdir(directory);
  if (names.length > 0 && !names.includes(markerName)) {
    throw new DataDirectoryError(
      directory,
      `it holds files that are not ours (no ${markerName}); name an empty or a new one with --data-dir`,
    );
  }
  await writeFile(join(directory, markerName), '{"version":1}\n');
  const lock = await takeLock(directory);
  if (isFresh) {
    const old = names.filter((name) => !kept.has(name));
    // A server that is still ending removes its own files.
    for (const name of old) await rm(join(directory, name), { recursive: true, force: true });
  }
  const data = {
    path: directory,
    logs: join(directory, 'logs'),
    state: join(directory, 'state'),
    deadLetters: join(directory, 'dead-letters'),
    cache: join(directory, cacheName),
  };
  for (const part of [data.logs, data.state, data.deadLetters])
    await mkdir(part, { recursive: true });
  return { ...data, [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/** Two stacks in one directory would take each other's checkpoints. */
async function takeLock(directory: string): Promise<string> {
  const lock = join(directory, lockName);
  const holder = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10);
  if (isRunning(holder)) {
    throw new DataDirectoryError(
      directory,
      `process ${holder} runs a stack in it; stop that one, or remove ${lock} if it is something else`,
    );
  }
  await rm(lock, { force: true });
  const file = await open(lock, 'wx');
  await file.writeFile(`${process.pid}\n`);
  await file.close();
  return lock;
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not allowed to signal it means that it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
