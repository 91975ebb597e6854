import { hash } from 'node:crypto';

/** The largest hash key, 2^128 − 1; the smallest is 0. */
export const hashKeyMax = 2n ** 128n - 1n;

/**
 * A hash key as 32 hexadecimal digits. Such texts have the same order as the numbers, and are cheap
 * to compare.
 */
export type HashKeyHex = string;

/** The hash of a partition key: the MD5 of its UTF-8 bytes. */
export function hashPartitionKey(partitionKey: string): HashKeyHex {
  return hash('md5', partitionKey, 'hex');
}

/** A hash key in the form in which hash keys are compared. */
export function hashKeyToHex(hashKey: bigint): HashKeyHex {
  return hashKey.toString(16).padStart(32, '0');
}

/** A decimal hash key as a number, or undefined when it is not one, or out of range. */
export function parseHashKey(decimal: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,38})$/.test(decimal)) return undefined;
  const hashKey = BigInt(decimal);
  return hashKey <= hashKeyMax ? hashKey : undefined;
}
