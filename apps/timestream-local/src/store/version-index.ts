import { VersionBlock, type StoredVersion } from './version-block.ts';

/** One hour of event time. Its nanoseconds are exact as a number. */
export const blockNs = 3_600_000_000_000n;

/** Reads what is stored in `[fromNs, toNs)` into a block. */
export type LoadBlock = (block: VersionBlock, fromNs: bigint, toNs: bigint) => Promise<void>;

export interface VersionIndexOptions {
  readonly loadBlock: LoadBlock;
  /** Memory beyond the blocks that a write needs right now, in slots of 28 bytes. */
  readonly slotsMax: number;
}

/**
 * The stored version of every record of a table, held in memory by hours of event time. Hours that
 * writes have not touched for long are given up when they take too much memory, and are read again
 * from the file when a late record needs them; so memory is bounded and a start reads nothing.
 */
export class VersionIndex {
  readonly #options: VersionIndexOptions;
  /** In the order of last use, oldest first. */
  readonly #blocks = new Map<number, VersionBlock>();
  /** Hours outside hold nothing in the file, so there is nothing to load. */
  #firstBlock = Infinity;
  #lastBlock = -Infinity;

  constructor(options: VersionIndexOptions) {
    this.#options = options;
  }

  /** Says which times the file holds rows of. */
  cover(fromNs: bigint, toNs: bigint): void {
    this.#firstBlock = Math.min(this.#firstBlock, blockOf(fromNs));
    this.#lastBlock = Math.max(this.#lastBlock, blockOf(toNs));
  }

  /** Brings the blocks of these times into memory. Must precede `find` and `set` on them. */
  async require(timesNs: Iterable<bigint>): Promise<void> {
    const numbers = new Set<number>();
    for (const timeNs of timesNs) numbers.add(blockOf(timeNs));
    for (const number of numbers) {
      const block = this.#blocks.get(number) ?? (await this.#load(number));
      this.#blocks.delete(number);
      this.#blocks.set(number, block);
    }
  }

  find(series: number, timeNs: bigint): StoredVersion | undefined {
    return this.#block(timeNs).find(series, offsetOf(timeNs));
  }

  set(series: number, timeNs: bigint, stored: StoredVersion): void {
    this.#block(timeNs).set(series, offsetOf(timeNs), stored);
    this.cover(timeNs, timeNs);
  }

  /** Gives up the longest unused blocks. Only when all that was `set` is committed. */
  trim(): void {
    let slots = 0;
    for (const block of this.#blocks.values()) slots += block.slots;
    for (const [number, block] of this.#blocks) {
      if (slots <= this.#options.slotsMax) return;
      slots -= block.slots;
      this.#blocks.delete(number);
    }
  }

  /** Forgets what a failed commit may have set. */
  clear(): void {
    this.#blocks.clear();
  }

  #block(timeNs: bigint): VersionBlock {
    const block = this.#blocks.get(blockOf(timeNs));
    if (!block) throw new RangeError(`finding a version at ${timeNs}: its hour is not loaded`);
    return block;
  }

  async #load(number: number): Promise<VersionBlock> {
    const block = new VersionBlock();
    if (number < this.#firstBlock || number > this.#lastBlock) return block;
    const fromNs = BigInt(number) * blockNs;
    await this.#options.loadBlock(block, fromNs, fromNs + blockNs);
    return block;
  }
}

function blockOf(timeNs: bigint): number {
  return Number(timeNs / blockNs);
}

/** Where in its block a time lies, in nanoseconds. */
export function offsetOf(timeNs: bigint): number {
  return Number(timeNs % blockNs);
}
