import type { Logger } from '@highwater/model';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PageMissingError } from '../errors.ts';

const app = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(app, 'web');
/** Each build has its own directory in it, so that no server loses the page that it serves. */
const builds = join(app, 'dist-web');
const buildsMax = 4;

/**
 * The directory of the built page, built now unless exactly this page was built before.
 *
 * An image has no sources, only a built page, so nothing is built there.
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

/** Atomic: two simultaneous builds do not conflict, and the first to finish is kept. */
async function build(target: string): Promise<void> {
  await mkdir(builds, { recursive: true });
  const directory = await mkdtemp(join(builds, 'building-'));
  try {
    // The build code is next to the page and has more dependencies than the server. An image has
    // neither.
    const builder = (await import(pathToFileURL(join(sources, 'build-page.ts')).href)) as {
      readonly buildPage: (directory: string) => Promise<void>;
    };
    await builder.buildPage(directory);
    // Only its creator can access a temporary directory, but in an image, another user reads it.
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
 * The page shares a few modules with the server, so the whole app is hashed.
 *
 * @returns undefined when there are no sources of the page
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
