import { TokenBucket } from './token-bucket.ts';

const mebibyte = 1024 * 1024;
/** Reads of a shard: 2 MiB a second, so that a reply of 10 MiB is followed by a pause of 5 s. */
const readBytesPerSecond = 2 * mebibyte;

/**
 * The limits of one shard: writes of 1,000 records and 1 MiB a second; 5 reads and 2 MiB a second
 * for all readers together.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
export class ShardLimits {
  readonly #writeRecords: TokenBucket;
  readonly #writeBytes: TokenBucket;
  readonly #reads: TokenBucket;
  readonly #readBytes: TokenBucket;
  #restUntilMs = -Infinity;

  constructor(nowMs: number) {
    this.#writeRecords = new TokenBucket(1000, nowMs);
    this.#writeBytes = new TokenBucket(mebibyte, nowMs);
    this.#reads = new TokenBucket(5, nowMs);
    this.#readBytes = new TokenBucket(readBytesPerSecond, nowMs);
  }

  /** Whether another record of this size may be put. If so, counts it as put. */
  takeWrite(bytes: number, nowMs: number): boolean {
    if (!this.#writeRecords.has(1, nowMs) || !this.#writeBytes.has(bytes, nowMs)) return false;
    this.#writeRecords.take(1, nowMs);
    this.#writeBytes.take(bytes, nowMs);
    return true;
  }

  /** Whether the shard may be read again. If so, counts it as read. */
  takeRead(nowMs: number): boolean {
    if (nowMs < this.#restUntilMs) return false;
    if (!this.#reads.has(1, nowMs) || !this.#readBytes.has(1, nowMs)) return false;
    this.#reads.take(1, nowMs);
    return true;
  }

  /** Counts the bytes that a read returned. */
  giveBytes(bytes: number, nowMs: number): void {
    this.#readBytes.take(bytes, nowMs);
    if (bytes > readBytesPerSecond) {
      this.#restUntilMs = nowMs + (bytes / readBytesPerSecond) * 1000;
    }
  }
}
