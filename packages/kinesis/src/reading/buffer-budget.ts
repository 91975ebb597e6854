import assert from 'node:assert/strict';
import type { ConsumerMetrics } from '../consumer-metrics.ts';

/** The maximum size of one reply of the service. */
export const replyBytesMax = 10 * 1024 * 1024;

/** The settings of a budget. */
export interface BufferBudgetOptions {
  /** Bytes of records that all shards of this worker may hold together. */
  readonly bytesMax: number;
  /** Assumed size of a reply before its size is known. @default 10 MiB */
  readonly replyBytesMax?: number | undefined;
  readonly metrics: ConsumerMetrics;
}

interface Waiter {
  readonly bytes: number;
  readonly grant: () => void;
}

/**
 * Limits the records that the shards of one worker hold, from their request until they have been
 * processed.
 *
 * Shards are served first come, first served, and each returns its space before it asks again. A
 * slow shard keeps one batch, and the others take turns with the rest.
 */
export class BufferBudget {
  readonly bytesMax: number;
  readonly replyBytesMax: number;
  readonly #metrics: ConsumerMetrics;
  readonly #waiting: Waiter[] = [];
  readonly #shares = new Set<BufferShare>();
  #heldBytes = 0;

  constructor(options: BufferBudgetOptions) {
    this.bytesMax = options.bytesMax;
    this.replyBytesMax = options.replyBytesMax ?? replyBytesMax;
    this.#metrics = options.metrics;
    assert(this.bytesMax >= this.replyBytesMax, `bytesMax=${this.bytesMax}`);
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * The size that a batch of one shard should not exceed, so that all shards can hold one and there is
   * space for a reply.
   */
  get fairBytes(): number {
    return (this.bytesMax - this.replyBytesMax) / Math.max(1, this.#shares.size);
  }

  /** The share of one shard. Dispose it when the shard is no longer read. */
  share(): BufferShare {
    const share = new BufferShare(this);
    this.#shares.add(share);
    return share;
  }

  /** Waits for its turn and for space. Only `BufferShare` calls it. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) {
      this.add(bytes);
      return;
    }
    this.#metrics.bufferWaits.inc();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        bytes,
        grant: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#grantNext();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /**
   * Changes the reserved size, and admits those that now have space. Only `BufferShare` calls it.
   */
  add(bytes: number): void {
    this.#heldBytes += bytes;
    this.#metrics.bufferBytes.set(this.#heldBytes);
    if (bytes < 0) this.#grantNext();
  }

  /** Only `BufferShare` calls it. */
  leave(share: BufferShare): void {
    this.#shares.delete(share);
  }

  #grantNext(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.add(next.bytes);
      next.grant();
    }
  }

  /** A batch larger than the whole budget must still be processed, alone. */
  #hasRoom(bytes: number): boolean {
    return this.#heldBytes === 0 || this.#heldBytes + bytes <= this.bytesMax;
  }
}

/** One shard's share of a budget. */
export class BufferShare implements Disposable {
  readonly #budget: BufferBudget;
  #bytes = 0;

  constructor(budget: BufferBudget) {
    this.#budget = budget;
  }

  get fairBytes(): number {
    return this.#budget.fairBytes;
  }

  /** Frees its space, and reserves this much when there is space. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    this.hold(0);
    await this.#budget.take(bytes, signal);
    this.#bytes = bytes;
  }

  /** Reserves space for the largest reply, because its size is unknown until it arrives. */
  takeReply(signal: AbortSignal): Promise<void> {
    return this.take(this.#budget.replyBytesMax, signal);
  }

  /** Reserves this much from now on; 0 when the records have been processed. */
  hold(bytes: number): void {
    const change = bytes - this.#bytes;
    this.#bytes = bytes;
    if (change !== 0) this.#budget.add(change);
  }

  [Symbol.dispose](): void {
    this.hold(0);
    this.#budget.leave(this);
  }
}
