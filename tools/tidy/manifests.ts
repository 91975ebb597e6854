import type { Repository } from './repository.ts';
import { placeOf } from './places.ts';

/** The parts of a workspace's package.json that the rules check. */
export interface Manifest {
  readonly path: string;
  /** `packages/model`; empty for the root. */
  readonly workspace: string;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Name -> wanted version. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** The parts that others may import: `.` or `./part` -> the file. */
  readonly exports: Readonly<Record<string, string>>;
}

/** Reads the root's package.json and those of the workspaces. */
export function manifestsOf(repository: Repository): readonly Manifest[] {
  return repository.files
    .filter(({ path }) => /^((packages|apps)\/[^/]+\/)?package\.json$/.test(path))
    .map(({ path, text }) => {
      const fields = JSON.parse(text) as Record<string, unknown>;
      return {
        path,
        text,
        fields,
        workspace: placeOf(path).workspace ?? '',
        dependencies: (fields['dependencies'] ?? {}) as Record<string, string>,
        exports: (fields['exports'] ?? {}) as Record<string, string>,
        devDependencies: (fields['devDependencies'] ?? {}) as Record<string, string>,
      };
    });
}

/** The line of the first occurrence of `text`, for a finding in a file that is not parsed. */
export function lineOf(manifest: Pick<Manifest, 'text'>, text: string): number {
  const index = manifest.text.indexOf(text);
  return index < 0 ? 1 : manifest.text.slice(0, index).split('\n').length;
}
