import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/** The root of the repository. */
export const root = resolve(import.meta.dirname, '../..');

/** The sources of every package and app, in a stable order. */
export function sourceFiles(): readonly string[] {
  return globSync('{packages,apps}/*/src/**/*.ts', { cwd: root })
    .map((path) => resolve(root, path))
    .toSorted();
}
