import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryError } from './errors.ts';

/** The names that belong to Highwater in a directory. */
export interface OwnKind {
  readonly type: 'file' | 'directory';
  readonly isOwn: (name: string) => boolean;
}

/**
 * Sorted names in a directory that belong to Highwater. Other names are foreign, and are not
 * touched.
 *
 * @param foreign receives the paths of foreign entries
 * @throws {DataDirectoryError} when an entry with a name of Highwater is a link, or has the wrong
 * type
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
