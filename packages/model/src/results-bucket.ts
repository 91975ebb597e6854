import assert from 'node:assert/strict';
import type { Series } from './series.ts';

/**
 * The number of buckets over which the rows of all views are spread on the results stream. It
 * limits how many shards can share the work. It must never change: if it changed while rows are
 * open, the partials of one row would be in two places.
 */
export const resultsBucketsCount = 64;

/**
 * The bucket of a view row, 0 to `resultsBucketsCount` − 1: FNV-1a over the UTF-16 code units of
 * the view's name, a NUL, and the `seriesKey`. That text need not be built.
 */
export function resultsBucket(view: string, series: Series): number {
  let hash = hashText(hashText(0x811c9dc5, view), '\0');
  hash = hashText(hash, series.measureValueType);
  hash = hashText(hashText(hash, '\0'), series.measureName);
  for (const { name, value } of series.dimensions) {
    hash = hashText(hashText(hash, '\0'), name);
    hash = hashText(hashText(hash, '\0'), value);
  }
  return (hash >>> 0) % resultsBucketsCount;
}

function hashText(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

/** The explicit hash key that spreads buckets evenly over the stream's hash range. */
export function bucketHashKey(bucket: number): string {
  assert(
    Number.isInteger(bucket) && bucket >= 0 && bucket < resultsBucketsCount,
    `bucket=${bucket}`,
  );
  return ((BigInt(bucket) * 2n ** 128n) / BigInt(resultsBucketsCount)).toString();
}

const partitionKeys = Array.from(
  { length: resultsBucketsCount },
  (_, bucket) => `bucket-${bucket}`,
);
const knownPartitionKeys: ReadonlySet<string> = new Set(partitionKeys);

/** The partition key of all records of a bucket. */
export function bucketPartitionKey(bucket: number): string {
  return partitionKeys[bucket] as string;
}

/** Whether a partition key belongs to a bucket. */
export function isBucketPartitionKey(partitionKey: string): boolean {
  return knownPartitionKeys.has(partitionKey);
}
