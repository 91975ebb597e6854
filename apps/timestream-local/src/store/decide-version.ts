import type { StoredVersion } from './version-block.ts';

/** What a write does with a record, depending on the stored record of the same identity. */
export type VersionDecision =
  /** Nothing was there. */
  | 'insert'
  /** A higher version of another value. */
  | 'replace'
  /** The same version and value once more: success, and nothing changes. */
  | 'repeat'
  /** The same version with another value. */
  | 'conflict'
  /** A lower version, whatever its value. */
  | 'outdated';

/** The service's rule of versions. */
export function decideVersion(
  existing: StoredVersion | undefined,
  incoming: StoredVersion,
): VersionDecision {
  if (!existing) return 'insert';
  if (incoming.version > existing.version) return 'replace';
  if (incoming.version < existing.version) return 'outdated';
  return incoming.fingerprint === existing.fingerprint ? 'repeat' : 'conflict';
}
