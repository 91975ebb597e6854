import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from './finding.ts';

const freeBytesMin = 1e9;

/** Checks whether a directory can be written to, or created. Creates nothing. */
export async function checkDirectory(options: {
  readonly what: string;
  readonly directory: string;
  /** The setting that names it. */
  readonly variable: string;
}): Promise<Finding> {
  const { what, variable } = options;
  const directory = resolve(options.directory);
  const there = await nearestThere(directory);
  try {
    if (!(await stat(there)).isDirectory()) throw new Error(`${there} is not a directory`);
    await access(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const found = `cannot be written: ${(error as Error).message}`;
    const fix = `give the service's user write permission, or set ${variable} to another directory`;
    return { what, verdict: 'fail', found, fix };
  }
  const { bavail, bsize } = await statfs(there);
  const freeBytes = bavail * bsize;
  const isThere = there === directory ? 'can be written' : 'does not exist yet and can be created';
  const found = `${options.directory} ${isThere}, ${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= freeBytesMin) return { what, verdict: 'ok', found };
  return {
    what,
    verdict: 'warn',
    found,
    fix: `free some space, or set ${variable} to a directory on a larger disk`,
  };
}

/** The directory, or its nearest existing parent. */
async function nearestThere(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const isRoot = dirname(path) === path;
    if (isRoot || (error as NodeJS.ErrnoException).code !== 'ENOENT') return path;
    return nearestThere(dirname(path));
  }
}
