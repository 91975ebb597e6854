import { posix } from 'node:path';

/** Where a file lies: `packages/model`, `src`. */
export interface Place {
  /** `packages/<name>` or `apps/<name>`; undefined for files that belong to no workspace. */
  readonly workspace?: string | undefined;
  readonly kind: 'src' | 'test' | 'other';
}

/** Determines a file's workspace and whether it runs in production. */
export function placeOf(path: string): Place {
  const [top = '', name = '', inside = ''] = path.split('/');
  const isWorkspace = (top === 'packages' || top === 'apps') && inside !== '';
  if (!isWorkspace) return { kind: /(^|\/)test\//.test(path) ? 'test' : 'other' };
  const kind = inside === 'src' || inside === 'test' ? inside : 'other';
  return { workspace: `${top}/${name}`, kind };
}

/** The path that a relative specifier means. */
export function resolveRelative(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

/** `@scope/name/deep` and `name/deep` without the deep part. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
