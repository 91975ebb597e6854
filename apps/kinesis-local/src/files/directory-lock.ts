import { randomUUID } from 'node:crypto';
import { link, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openOwn } from './durable.ts';
import { DataDirectoryError } from './errors.ts';
import { isLockAside, lockName } from './file-names.ts';

/** Another process removes an abandoned lock in a few steps, so this many attempts are enough. */
const attemptsMax = 1000;

/**
 * Keeps a second process out of a directory. Takes over the lock of a dead process, even when
 * another process now has its number, because in a container the number is the same at every start.
 *
 * @throws {DataDirectoryError} naming the process that has it
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  const path = join(directory, lockName);
  const own = `${path}.${randomUUID()}`;
  const text = `${process.pid} ${await startOf(process.pid)}\n`;
  try {
    {
      await using file = await openOwn(own, 'replace');
      await file.writeFile(text);
    }
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (await appears(own, path)) return { [Symbol.asyncDispose]: () => unlink(path) };
      const content = await readIfAny(path);
      const holder = Number(content.split(' ')[0]);
      if (await isHeld(content)) {
        throw new DataDirectoryError(
          `opening ${directory}: process ${holder} uses it; stop that process, or remove ${path} if it is not a kinesis-local`,
        );
      }
      await removeLeft(path, content, own);
    }
    throw new DataDirectoryError(
      `opening ${directory}: another process is locking it, or ${takingPath(path)} is damaged; if no kinesis-local is starting, remove that file`,
    );
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes files that dead processes left while taking the lock, among the names in a directory. */
export async function tidyLocks(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter(isLockAside)) {
    const path = join(directory, name);
    const content = await readIfAny(path);
    // Its owner is about to write an empty one.
    if (content !== '' && !(await isHeld(content))) await rm(path, { force: true });
  }
}

/** Whether a text has the form that a server writes into its lock. */
export function isLockText(content: string): boolean {
  return /^\d{1,10}(?: [\d?]+)?\n$/.test(content);
}

/**
 * Makes a file appear under another name, atomically with all its content, unless that name exists.
 */
async function appears(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes an abandoned lock, but not if another process has taken it over. One process at a time
 * checks it again and removes it.
 */
async function removeLeft(path: string, content: string, own: string): Promise<void> {
  const taking = takingPath(path);
  if (!(await appears(own, taking))) {
    const other = await readFile(taking, 'utf8').catch(() => undefined);
    if (other !== undefined && !(await isHeld(other))) await rm(taking, { force: true });
    return;
  }
  try {
    if ((await readIfAny(path)) === content) await unlink(path);
  } finally {
    await unlink(taking);
  }
}

function takingPath(path: string): string {
  return `${path}.taking`;
}

async function readIfAny(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Whether the process that wrote a lock still runs. */
async function isHeld(content: string): Promise<boolean> {
  const [pid = '', start = ''] = content.trim().split(' ');
  if (!isRunning(Number(pid))) return false;
  // Locks of earlier servers have no start time. One with this process's number can only be
  // abandoned.
  if (start === '') return Number(pid) !== process.pid;
  return start === (await startOf(Number(pid)));
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in Linux clock ticks; `?` if the system does not tell. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is a name in parentheses, which may contain blanks. The start is the 22nd.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '?';
}
