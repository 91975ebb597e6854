import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServerError } from './errors.ts';

/** Everybody may enter it, only its owner may change it. */
const enterable = 0o711;
const othersMayWrite = 0o022;

/**
 * A directory of this user outside the clone, for what cannot be inside: below /var/tmp, which
 * outlives a restart of the machine, or the directory for temporary files where there is none.
 *
 * @throws {PostgresServerError} when somebody else has made it, or may write to it
 */
export async function ownDirectory(): Promise<string> {
  const path = await ownPath();
  await mkdir(path, { mode: enterable }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await checkOwn(path);
  // The umask may have taken from it.
  await chmod(path, enterable);
  return path;
}

/** The same directory, if it is there: it is not made to look into it. */
export async function existingOwnDirectory(): Promise<string | undefined> {
  const path = await ownPath();
  const isThere = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (!isThere) return undefined;
  await checkOwn(path);
  return path;
}

async function ownPath(): Promise<string> {
  const hasVarTmp = await stat('/var/tmp').then(
    (found) => found.isDirectory(),
    () => false,
  );
  return join(hasVarTmp ? '/var/tmp' : tmpdir(), `highwater-postgres-${process.geteuid?.() ?? 0}`);
}

async function checkOwn(path: string): Promise<void> {
  const found = await lstat(path);
  const uid = process.geteuid?.() ?? 0;
  const isOwn = process.geteuid === undefined || found.uid === uid;
  if (!found.isDirectory() || !isOwn || (found.mode & othersMayWrite) !== 0) {
    throw new PostgresServerError(
      `using ${path}: it is not a directory of this user alone; remove it`,
    );
  }
}
