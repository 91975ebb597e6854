import { createHash } from 'node:crypto';

/** Hash keys from `start` to `end`, both inclusive. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The hash key that determines a record's shard in the service: 0 to 2^128 − 1. */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}
