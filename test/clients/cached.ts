import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.ts';

/** The folder to create once. */
export interface CachedFolder {
  /** A short word for its path. */
  readonly name: string;
  /** Files of this directory, as a pattern. A change to any of them asks for another folder. */
  readonly sources: string;
  /** The version of the tool that makes it, in any form. Another one asks for another folder. */
  readonly tool: string;
  readonly make: (folder: string) => Promise<void>;
}

/**
 * Makes a folder the first time, and finds it after that. An incomplete one is made again.
 *
 * @returns its path, in `.cache/clients`, which git ignores
 */
export async function cached({ name, sources, tool, make }: CachedFolder): Promise<string> {
  const hash = createHash('sha256').update(tool);
  const paths: string[] = [];
  for await (const path of glob(sources, { cwd: import.meta.dirname })) paths.push(path);
  for (const path of paths.toSorted()) {
    hash.update(path).update(await readFile(join(import.meta.dirname, path)));
  }
  const folder = join(root, '.cache/clients', `${name}-${hash.digest('hex').slice(0, 12)}`);
  const stamp = join(folder, 'made');
  if (existsSync(stamp)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await make(folder);
  await writeFile(stamp, '');
  return folder;
}
