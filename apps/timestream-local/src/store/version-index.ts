import { VersionBlock, type StoredVersion } from './version-block.ts';

/** One minute of event time. Its nanoseconds are exact as a number. */
export const blockNs = 60_000_000_000n;

/** Reads what is stored in `[fromNs, toNs)` into a block. */
export type LoadBlock = (block: VersionBlock, fromNs: bigint, toNs: bigint) => Promise<void>;

export interface VersionIndexOptions {
  readonly loadBlock: LoadBlock;
  /** Memory beyond the blocks that the last write needed, in slots of 28 bytes. */
  readonly slotsMax: number;
}

/**
 * The stored version of every record of a table, cached in memory by minutes of event time. When
 * all minutes use too much memory, those that writes have not used for longest are dropped. They
 * are read again from the file when a late record needs them. So memory is limited, and a start
 * reads nothing. The minutes of the last write stay, because the next one will need most of them.
 */
export class VersionIndex {
  readonly #options: VersionIndexOptions;
  /** In the order of last use, oldest first. */
  readonly #blocks = new Map<number, VersionBlock>();
  /** The minutes that the last write needed. */
  #needed: ReadonlySet<number> = new Set();
  #slots = 0;
  /** Minutes outside hold nothing in the file, so there is nothing to load. */
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
    this.#needed = numbers;
  }

  find(series: number, timeNs: bigint): StoredVersion | undefined {
    return this.#block(timeNs).find(series, offsetOf(timeNs));
  }

  set(series: number, timeNs: bigint, stored: StoredVersion): void {
    const block = this.#block(timeNs);
    const before = block.slots;
    block.set(series, offsetOf(timeNs), stored);
    this.#slots += block.slots - before;
    this.cover(timeNs, timeNs);
  }

  /** Drops the blocks unused for longest. Call it only when every `set` is committed. */
  trim(): void {
    for (const [number, block] of this.#blocks) {
      if (this.#slots <= this.#options.slotsMax || this.#needed.has(number)) return;
      this.#slots -= block.slots;
      this.#blocks.delete(number);
    }
  }

  #block(timeNs: bigint): VersionBlock {
    const block = this.#blocks.get(blockOf(timeNs));
    if (!block) throw new RangeError(`finding a version at ${timeNs}: its minute is not loaded`);
    return block;
  }

  async #load(number: number): Promise<VersionBlock> {
    const block = new VersionBlock();
    if (number >= this.#firstBlock && number <= this.#lastBlock) {
      const fromNs = BigInt(number) * blockNs;
      await this.#options.loadBlock(block, fromNs, fromNs + blockNs);
    }
    this.#slots += block.slots;
    return block;
  }
}

function blockOf(timeNs: bigint): number {
  return Number(timeNs / blockNs);
}

/** Offset of a time in its block, in nanoseconds. */
export function offsetOf(timeNs: bigint): number {
  return Number(timeNs % blockNs);
}
