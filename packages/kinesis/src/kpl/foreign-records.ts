import { hashKeyOf, type HashKeyRange } from '../api/hash-key.ts';
import type { SubRecord } from './aggregate.ts';
import type { ConsumerMetrics } from '../consumer-metrics.ts';

/**
 * How to handle sub-records whose key belongs to another shard than the shard of their aggregate.
 */
export type ForeignPolicy = 'keep' | 'drop';

const hashKeyMax = 2n ** 128n - 1n;

/**
 * Finds sub-records that the service would have put into another shard. They occur when a shard
 * splits while a producer still packs for it. The Kinesis Producer Library sends each of them
 * again, but other producers do not, and an aggregate does not show which kind of producer created
 * it.
 */
export class ForeignRecords {
  readonly #policy: ForeignPolicy;
  readonly #metrics: ConsumerMetrics;
  readonly #range: HashKeyRange | undefined;

  /** @param range of the shard; undefined if it is unknown, and then nothing is foreign */
  constructor(policy: ForeignPolicy, range: HashKeyRange | undefined, metrics: ConsumerMetrics) {
    this.#policy = policy;
    this.#range = range;
    this.#metrics = metrics;
  }

  /** Whether to skip the sub-record. Counts it when it is foreign. */
  isDropped(record: SubRecord): boolean {
    const range = this.#range;
    if (!range) return false;
    const hashKey = effectiveHashKey(record);
    if (range.start <= hashKey && hashKey <= range.end) return false;
    const outcome = this.#policy === 'drop' ? 'dropped' : 'kept';
    this.#metrics.foreignRecords.inc({ outcome });
    return this.#policy === 'drop';
  }
}

/** The explicit hash key, if it is valid. */
function effectiveHashKey({ partitionKey, explicitHashKey }: SubRecord): bigint {
  if (explicitHashKey !== undefined && /^\d{1,39}$/.test(explicitHashKey)) {
    const explicit = BigInt(explicitHashKey);
    if (explicit <= hashKeyMax) return explicit;
  }
  return hashKeyOf(partitionKey);
}
