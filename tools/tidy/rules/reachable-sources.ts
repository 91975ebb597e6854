import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { importsOf } from '../imports.ts';
import { manifestsOf } from '../manifests.ts';
import { placeOf, resolveRelative } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';

/**
 * Every source file is used: something reaches it from an `index.ts` or a `main.ts` of its `src`, or an
 * entry that its package.json names.
 */
export function reachableSources(repository: Repository): readonly Finding[] {
  const sources = new Map(
    repository.sources
      .filter(({ path }) => placeOf(path).kind === 'src')
      .map((file): [string, SourceFile] => [file.path, file]),
  );
  const reached = new Set<string>();
  const entries = new Set(
    manifestsOf(repository).flatMap(({ workspace, exports }) =>
      Object.values(exports).map((target) => posix.join(workspace, target)),
    ),
  );
  const waiting = [...sources.keys()].filter((path) => isEntry(path) || entries.has(path));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = sources.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const { specifier } of importsOf(file)) {
      if (specifier.startsWith('.')) waiting.push(resolveRelative(path, specifier));
    }
  }
  return [...sources.keys()]
    .filter((path) => !reached.has(path))
    .map((path) => ({
      file: path,
      line: 1,
      message: 'nothing reaches this file from index.ts or main.ts; use it or delete it',
    }));
}

function isEntry(path: string): boolean {
  return /^(packages|apps)\/[^/]+\/src\/(index|main)\.ts$/.test(path);
}
