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
  const uid = process.geteuid?.() ?? 0;
  const hasVarTmp = await stat('/var/tmp').then(
    (found) => found.isDirectory(),
    () => false,
  );
  const path = join(hasVarTmp ? '/var/tmp' : tmpdir(), `highwater-postgres-${uid}`);
  await mkdir(path, { mode: enterable }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(path);
  const isOwn = process.geteuid === undefined || found.uid === uid;
  if (!found.isDirectory() || !isOwn || (found.mode & othersMayWrite) !== 0) {
    throw new PostgresServerError(
      `using ${path}: it is not a directory of this user alone; remove it`,
    );
  }
  // The umask may have taken from it.
  await chmod(path, enterable);
  return path;
}
