import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { LeaseFileError } from '../errors.ts';
import type { Lease } from './lease-store.ts';

export const leaseFileSuffix = '.lease.json';

/** Written by releases without a checksum. Only the form distinguishes these from damaged files. */
const plainSchema = z.looseObject({
  shardId: z.string(),
  parentShardIds: z.array(z.string()),
  epoch: z.int().nonnegative(),
  counter: z.int().nonnegative(),
  checkpoint: z.looseObject({ position: z.looseObject({ type: z.string() }) }),
});

const sealedSchema = z.strictObject({ sha256: z.string(), lease: plainSchema });

/** The content of a lease file: the lease and its checksum. */
export function encodeLeaseFile(lease: Lease): string {
  return JSON.stringify({ sha256: sumOf(lease), lease });
}

/**
 * Reads the content of a lease file.
 *
 * @throws {LeaseFileError} when anything in it has changed since it was written, even one digit of
 * a sequence number, or when it belongs to another shard
 */
export function decodeLeaseFile(path: string, content: string): Lease {
  const lease = unseal(path, content);
  if (basename(path) === `${lease.shardId}${leaseFileSuffix}`) return lease;
  throw new LeaseFileError(path, `it belongs to ${lease.shardId}`);
}

function unseal(path: string, content: string): Lease {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (cause) {
    throw new LeaseFileError(path, `it is damaged (${(cause as Error).message})`, { cause });
  }
  const plain = plainSchema.safeParse(parsed);
  if (plain.success) return parsed as Lease;
  const sealed = sealedSchema.safeParse(parsed);
  if (!sealed.success) throw new LeaseFileError(path, 'it is damaged: it is not a lease');
  const { sha256, lease } = parsed as { readonly sha256: string; readonly lease: Lease };
  if (sumOf(lease) === sha256) return lease;
  throw new LeaseFileError(path, 'it is damaged: its checksum does not match');
}

/** Covers the meaning of the file, not its bytes: absent members are omitted on both sides. */
function sumOf(lease: Lease): string {
  return createHash('sha256').update(JSON.stringify(lease)).digest('hex');
}
