import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { PostgresServerError } from './errors.ts';
import { existingOwnDirectory, ownDirectory } from './own-directory.ts';
import { canReach, serverUser, type ServerUser } from './server-user.ts';

/** The files of a server. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
}

/** The owner of everything in the server. */
export const superuser = 'highwater';

/** Nothing of the user's environment decides what the server does. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC' } as const;

const onlyOwner = 0o700;
const enterable = 0o711;
const run = promisify(execFile);

/**
 * Finds the server's files in a directory, or makes them. A server that is half made when the process
 * ends is not found by the next one.
 */
export async function ensureCluster(
  directory: string,
  { initdb }: Binaries,
  user: ServerUser | undefined,
): Promise<Cluster> {
  const home = await homeOf(resolve(directory), user);
  const path = join(home, 'cluster');
  if (!(await isThere(path))) await makeCluster(home, path, initdb, user);
  const password = await readFile(join(path, 'password'), 'utf8');
  return { data: join(path, 'data'), password: password.trim() };
}

/** Where the files of a server may be: in its directory, or outside it. */
export async function clusterHomes(directory: string): Promise<readonly string[]> {
  const home = resolve(directory);
  const outside = (await serverUser()) && (await existingOwnDirectory());
  return outside === undefined ? [home] : [home, join(outside, nameOutside(home))];
}

/** The directory itself, unless the server's user could not enter it. */
async function homeOf(directory: string, user: ServerUser | undefined): Promise<string> {
  await mkdir(directory, { recursive: true, mode: user ? enterable : onlyOwner });
  if (user === undefined || (await canReach(join(directory, 'cluster'), user))) return directory;
  const home = join(await ownDirectory(), nameOutside(directory));
  await mkdir(home, { recursive: true, mode: enterable });
  await chmod(home, enterable);
  return home;
}

function nameOutside(directory: string): string {
  return createHash('sha256').update(directory).digest('hex').slice(0, 16);
}

async function makeCluster(
  home: string,
  path: string,
  initdb: string,
  user: ServerUser | undefined,
): Promise<void> {
  const fresh = await mkdtemp(join(home, '.new-'));
  try {
    await chmod(fresh, user ? enterable : onlyOwner);
    const data = join(fresh, 'data');
    await mkdir(data, { mode: onlyOwner });
    const password = randomBytes(18).toString('base64url');
    await writeFile(join(fresh, 'password'), `${password}\n`, { mode: 0o600 });
    // The server's user cannot read ours.
    const passwordOnce = join(fresh, 'password-once');
    await writeFile(passwordOnce, `${password}\n`, { mode: 0o600 });
    if (user) {
      await chown(data, user.uid, user.gid);
      await chown(passwordOnce, user.uid, user.gid);
    }
    await initialise(initdb, { data, passwordOnce, user });
    await rm(passwordOnce);
    await rename(fresh, path).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await isThere(path))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function initialise(
  initdb: string,
  given: {
    readonly data: string;
    readonly passwordOnce: string;
    readonly user: ServerUser | undefined;
  },
): Promise<void> {
  const { data, passwordOnce, user } = given;
  const flags = [
    `--pgdata=${data}`,
    `--username=${superuser}`,
    `--pwfile=${passwordOnce}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await run(initdb, flags, { cwd: data, env: serverEnvironment, ...user });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new PostgresServerError(`making a PostgreSQL server: ${stderr.trim() || String(error)}`, {
      cause: error,
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
