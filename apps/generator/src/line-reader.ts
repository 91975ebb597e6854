import { newline } from './read-lines.ts';

const blockBytes = 16 * 1024;
/** 64 MiB, so that many regions of a file can be read in turn without reading a block again. */
const blocksMax = 4_096;

/** A line at a position of a file. */
export interface PlacedLine {
  /** Undefined when the line exceeds the limit. */
  readonly bytes?: Uint8Array | undefined;
  /** Where the next line starts. */
  readonly nextOffset: number;
}

/** Reads lines at any position of a file, through a limited number of cached blocks. */
export class LineReader {
  readonly #readAt: (offset: number, bytesCount: number) => Promise<Uint8Array>;
  readonly #lineBytesMax: number;
  readonly #blocksMax: number;
  /** By number; the most recently used one is last. */
  readonly #blocks = new Map<number, Uint8Array>();
  #last: { readonly number: number; readonly block: Uint8Array } | undefined;

  constructor(
    readAt: (offset: number, bytesCount: number) => Promise<Uint8Array>,
    options: { readonly lineBytesMax: number; readonly blocksMax?: number },
  ) {
    this.#readAt = readAt;
    this.#lineBytesMax = options.lineBytesMax;
    this.#blocksMax = options.blocksMax ?? blocksMax;
  }

  /** Number of cached blocks. */
  get blocksCount(): number {
    return this.#blocks.size;
  }

  /** The line that starts at a position; undefined at the end of the file. */
  async lineAt(offset: number): Promise<PlacedLine | undefined> {
    let parts: Uint8Array[] = [];
    let at = offset;
    for (;;) {
      const block = await this.#block(Math.floor(at / blockBytes));
      const from = at % blockBytes;
      const end = block.indexOf(newline, from);
      const part = block.subarray(from, end < 0 ? block.length : end);
      at += part.length;
      const isTooLong = at - offset > this.#lineBytesMax;
      parts = isTooLong ? [] : [...parts, part];
      const isLast = block.length < blockBytes;
      if (end < 0 && !isLast) continue;
      if (end < 0 && at === offset) return undefined;
      // A copy, so that a retained line does not retain its block.
      return { bytes: isTooLong ? undefined : Buffer.concat(parts), nextOffset: at + 1 };
    }
  }

  async #block(number: number): Promise<Uint8Array> {
    if (this.#last?.number === number) return this.#last.block;
    const kept = this.#blocks.get(number);
    this.#blocks.delete(number);
    if (!kept && this.#blocks.size >= this.#blocksMax) {
      const [oldest = number] = this.#blocks.keys();
      this.#blocks.delete(oldest);
    }
    const block = kept ?? (await this.#readAt(number * blockBytes, blockBytes));
    this.#blocks.set(number, block);
    this.#last = { number, block };
    return block;
  }
}
