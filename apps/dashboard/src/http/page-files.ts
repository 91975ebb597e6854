import type { Logger } from '@highwater/model';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { PageMissingError } from '../errors.ts';

const app = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(app, 'web');
const built = join(app, 'dist-web');
const stamp = join(built, '.sources');

/**
 * The directory of the built page, built now if its sources have changed since.
 *
 * An image has no sources, or the page built from them: there nothing is built, and Vite is not needed.
 *
 * @throws {PageMissingError} when there is neither a page nor the means to build it
 */
export async function pageFiles(log: Logger): Promise<string> {
  const wanted = await hashOfSources();
  const found = await readFile(stamp, 'utf8').catch(() => undefined);
  if (found !== undefined && (wanted === undefined || wanted === found)) return built;
  if (wanted === undefined) throw new PageMissingError(`looking for the page: ${built} is empty`);
  log.info({ directory: built }, 'Building the page.');
  await build();
  await compress();
  await writeFile(stamp, wanted);
  return built;
}

async function build(): Promise<void> {
  try {
    const vite = await import('vite');
    await vite.build({ root: sources, logLevel: 'error' });
  } catch (cause) {
    throw new PageMissingError('building the page: Vite did not finish', { cause });
  }
}

/** Text is sent as Brotli to browsers that take it, which is all of them. */
async function compress(): Promise<void> {
  for (const path of await filesIn(built)) {
    if (!/\.(js|css|html|svg)$/.test(path)) continue;
    await writeFile(`${path}.br`, await promisify(brotliCompress)(await readFile(path)));
  }
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** @returns absent where there are no sources */
async function hashOfSources(): Promise<string | undefined> {
  const paths = await filesIn(sources).catch(() => []);
  if (paths.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path.slice(sources.length)).update(await readFile(path));
  return hash.digest('hex');
}
