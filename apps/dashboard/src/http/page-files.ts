import type { Logger } from '@highwater/model';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PageMissingError } from '../errors.ts';

const app = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(app, 'web');
/** Each build has a directory of its own in it, so that no server loses the page that it serves. */
const builds = join(app, 'dist-web');
const buildsMax = 4;

/**
 * The directory of the built page, built now unless this very page has been built before.
 *
 * An image has no sources, only a page built from them: there nothing is built.
 *
 * @throws {PageMissingError} when there is neither a page nor the means to build it
 */
export async function pageFiles(log: Pick<Logger, 'info'>): Promise<string> {
  const hash = await hashOfSources();
  const newestFirst = await existingBuilds();
  if (hash === undefined) {
    const [newest] = newestFirst;
    if (newest === undefined)
      throw new PageMissingError(`looking for the page: there is no build in ${builds}`);
    return newest;
  }
  const target = join(builds, hash);
  if (newestFirst.includes(target)) return target;
  log.info({ directory: target }, 'Building the page.');
  await build(target);
  for (const old of newestFirst.slice(buildsMax - 1))
    await rm(old, { recursive: true, force: true });
  return target;
}

async function existingBuilds(): Promise<readonly string[]> {
  const names = await readdir(builds).catch(() => []);
  const found = names
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => join(builds, name));
  const aged = await Promise.all(
    found.map(async (path) => ({ path, builtMs: (await stat(path)).mtimeMs })),
  );
  return aged.toSorted((a, b) => b.builtMs - a.builtMs).map(({ path }) => path);
}

/** Whole or not at all: two that build at once do not meet, and the first to finish is kept. */
async function build(target: string): Promise<void> {
  await mkdir(builds, { recursive: true });
  const directory = await mkdtemp(join(builds, 'building-'));
  try {
    // What builds the page lies beside it and needs more than what serves it: there is neither in an image.
    const builder = (await import(pathToFileURL(join(sources, 'build-page.ts')).href)) as {
      readonly buildPage: (directory: string) => Promise<void>;
    };
    await builder.buildPage(directory);
    // A temporary directory is its maker's alone; in an image somebody else reads it.
    await chmod(directory, 0o755);
    await rename(directory, target);
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    const isThere = await stat(target).catch(() => undefined);
    if (isThere) return;
    const hint =
      'install the development dependencies (npm ci, without --omit=dev), then try again';
    throw new PageMissingError(`building the page: Vite did not finish; ${hint}`, { cause });
  }
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/**
 * The page shares a few modules with the server, so all of the app is hashed.
 *
 * @returns absent where there are no sources of the page
 */
async function hashOfSources(): Promise<string | undefined> {
  const paths = await filesIn(sources).catch(() => []);
  if (paths.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const path of [...paths, ...(await filesIn(join(app, 'src')))]) {
    hash.update(path.slice(app.length)).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}
