import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryError } from './errors.ts';

/** What of a directory may be ours. */
export interface OwnKind {
  readonly type: 'file' | 'directory';
  readonly isOwn: (name: string) => boolean;
}

/**
 * Names in a directory that are ours, in order. What has another name is somebody else's, and is left
 * alone.
 *
 * @param foreign gets the paths of what is not ours
 * @throws {DataDirectoryError} when something has a name of ours and is a link, or no file or directory
 *   as it must be
 */
export async function ownEntries(
  directory: string,
  kinds: readonly OwnKind[],
  foreign: string[],
): Promise<string[]> {
  const own: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    const kind = kinds.find(({ isOwn }) => isOwn(entry.name));
    if (kind === undefined) {
      foreign.push(path);
      continue;
    }
    const isRight = kind.type === 'file' ? entry.isFile() : entry.isDirectory();
    if (!isRight) {
      const what = entry.isSymbolicLink()
        ? 'a link, which this server does not follow'
        : `not a ${kind.type}`;
      throw new DataDirectoryError(`opening ${path}: it is ${what}; move it away`);
    }
    own.push(entry.name);
  }
  return own.toSorted();
}
