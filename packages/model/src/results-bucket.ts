import assert from 'node:assert/strict';

/**
 * Into how many buckets the rows of all views are spread over the results stream, and so how many
 * shards of it can share the work. Fixed for good: were it to change while rows are open, one row's
 * partials would meet in two places.
 */
export const resultsBucketsCount = 64;

/** The bucket of a view row, 0 to `resultsBucketsCount` − 1: FNV-1a over the UTF-16 code units. */
export function resultsBucket(view: string, seriesKey: string): number {
  let hash = 0x811c9dc5;
  for (const text of [view, '\0', seriesKey]) {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
  }
  return (hash >>> 0) % resultsBucketsCount;
}

/** The explicit hash key that spreads buckets evenly over the stream's hash range. */
export function bucketHashKey(bucket: number): string {
  assert(
    Number.isInteger(bucket) && bucket >= 0 && bucket < resultsBucketsCount,
    `bucket=${bucket}`,
  );
  return ((BigInt(bucket) * 2n ** 128n) / BigInt(resultsBucketsCount)).toString();
}
