import assert from 'node:assert/strict';
import { frameHeaderBytes, type LoggedRecord } from './frame.ts';
import { LogChunk } from './log-chunk.ts';
import type { LogStorage, RestoredLog } from './log-storage.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Some records in order, and the index to continue from. */
export interface LogSlice {
  readonly records: readonly LoggedRecord[];
  readonly nextIndex: number;
}

/** Dependencies of a log. */
export interface RecordLogOptions {
  readonly budget: MemoryBudget;
  /** Undefined: the records are only in memory. */
  readonly storage?: LogStorage | undefined;
  /** The existing content of the storage. */
  readonly restored?: RestoredLog | undefined;
}

const chunkBytesMin = 16 * 1024;
const chunkBytesMax = 1024 * 1024;

/**
 * The records of one shard, packed into large buffers. A million small objects would take more
 * memory than the records and keep the garbage collector busy, so a full stream would be slower
 * than an empty one.
 *
 * Indexes rise by one per record, from 1, and never repeat. With a storage, a record can be read
 * only once it is durable, because a record that a reader has seen must not be lost in a crash.
 */
export class RecordLog {
  readonly #budget: MemoryBudget;
  readonly #storage: LogStorage | undefined;
  #chunks: LogChunk[] = [];
  #firstIndex = 1;
  #endIndex = 1;
  #visibleEnd = 1;
  #fileOffset = 0;
  #flushing: Promise<void> | undefined;

  constructor(options: RecordLogOptions) {
    this.#budget = options.budget;
    this.#storage = options.storage;
    const { places = [], nextIndex = 1 } = options.restored ?? {};
    for (const place of places) {
      this.#chunks.push(LogChunk.atPlace(place));
      this.#fileOffset = place.fileOffset + place.usedBytes;
    }
    this.#endIndex = nextIndex;
    this.#visibleEnd = nextIndex;
    this.#firstIndex = places[0]?.firstIndex ?? nextIndex;
  }

  /** Index of the oldest stored record; equal to `endIndex` when there is none. */
  get firstIndex(): number {
    return this.#firstIndex;
  }

  /** Index that the next record will get. */
  get endIndex(): number {
    return this.#endIndex;
  }

  /** Index after the last readable record. */
  get visibleEnd(): number {
    return this.#visibleEnd;
  }

  /** Bytes of the stored records, in memory or in files. */
  get keptBytes(): number {
    const [oldest] = this.#chunks;
    return oldest === undefined ? 0 : this.#fileOffset - oldest.fileOffset;
  }

  /** Whether there is a run of records that is complete and readable. */
  get canForget(): boolean {
    const [oldest] = this.#chunks;
    return this.#chunks.length > 1 && oldest !== undefined && oldest.endIndex <= this.#visibleEnd;
  }

  /** Arrival time of the oldest stored record; Infinity when there is none. */
  get oldestArrivalMs(): number {
    return this.#chunks[0]?.oldestArrivalMs ?? Infinity;
  }

  /** @returns the record's index; undefined when there is no memory for it */
  append(record: {
    arrivalMs: number;
    partitionKey: string;
    data: Uint8Array;
  }): number | undefined {
    const frameBytes =
      frameHeaderBytes + Buffer.byteLength(record.partitionKey) + record.data.length;
    const chunk = this.#chunkWithRoom(frameBytes);
    if (chunk === undefined) return undefined;
    chunk.append(record, this.#storage !== undefined);
    this.#fileOffset += frameBytes;
    this.#endIndex += 1;
    if (this.#storage === undefined) this.#visibleEnd = this.#endIndex;
    return this.#endIndex - 1;
  }

  /**
   * Resolves when everything appended so far is durable and can be read.
   *
   * @throws the error of the storage. The records that are not durable are then dropped for every
   * waiting call
   */
  async commit(): Promise<void> {
    const target = this.#endIndex;
    // Calls during a flush share the next one.
    while (this.#visibleEnd < target) await (this.#flushing ??= this.#flush());
  }

  /** Loads the record at this index into memory, so that `read` finds it. */
  async load(index: number): Promise<void> {
    const chunk = this.#chunkOf(this.#present(index));
    if (chunk !== undefined) await this.#loadChunk(chunk);
  }

  /**
   * Reads from `startIndex`, or from the oldest record if that is newer. Returns at least one
   * record if there is one. Stops before a record that is not loaded.
   */
  read(startIndex: number, limits: { recordsMax: number; bytesMax: number }): LogSlice {
    const records: LoggedRecord[] = [];
    let index = this.#present(Math.max(startIndex, this.#firstIndex));
    let readBytes = 0;
    let place = this.#placeOf(index);
    while (index < this.#visibleEnd && records.length < limits.recordsMax) {
      let chunk = this.#chunks[place];
      if (chunk !== undefined && index >= chunk.endIndex) chunk = this.#chunks[(place += 1)];
      // Not loaded, or the records from here on were dropped.
      if (chunk?.isLoaded !== true || index < chunk.firstIndex) break;
      const record = chunk.record(index);
      readBytes += record.data.length + record.partitionKey.length;
      if (records.length > 0 && readBytes > limits.bytesMax) break;
      records.push(record);
      index += 1;
    }
    return { records, nextIndex: this.#present(index) };
  }

  /** Arrival time of a readable record, otherwise undefined. */
  arrivalMs(index: number): number | undefined {
    if (index < this.#firstIndex || index >= this.#visibleEnd) return undefined;
    return this.#chunkOf(index)?.arrivalMs(index);
  }

  /** Index of the first record that arrived at `timeMs` or later; `visibleEnd` if there is none. */
  async findTime(timeMs: number): Promise<number> {
    // Iterates over a copy, because chunks may be trimmed while one is loaded.
    for (const chunk of this.#chunks.slice()) {
      if (chunk.newestArrivalMs < timeMs) continue;
      await this.#loadChunk(chunk);
      // Searches a chunk linearly, because arrival times need not rise.
      const start = Math.max(chunk.firstIndex, this.#firstIndex);
      for (let index = start; index < chunk.endIndex; index += 1) {
        if (index < this.#visibleEnd && chunk.arrivalMs(index) >= timeMs) return index;
      }
    }
    return this.#visibleEnd;
  }

  /**
   * Drops the oldest records that arrived before `horizonMs`. Chunks that are not loaded are only
   * dropped as a whole.
   */
  trim(horizonMs: number): void {
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined || chunk.endIndex > this.#visibleEnd) break;
      if (chunk.isLoaded) {
        while (this.#firstIndex < chunk.endIndex) {
          if (chunk.arrivalMs(this.#firstIndex) >= horizonMs) return;
          this.#firstIndex += 1;
        }
      } else if (chunk.newestArrivalMs >= horizonMs) return;
      this.#forget(chunk);
    }
  }

  /**
   * Drops the oldest run of records, whatever its age. Call it only while `canForget`.
   *
   * @returns the number of dropped bytes
   */
  forgetOldest(): number {
    const [oldest] = this.#chunks;
    assert(oldest !== undefined && this.canForget);
    this.#forget(oldest);
    return oldest.usedBytes;
  }

  /** Drops everything, in memory and in files. The log must not be used afterwards. */
  remove(): void {
    for (const chunk of this.#chunks) this.#release(chunk);
    this.#chunks = [];
    this.#firstIndex = this.#endIndex;
    this.#visibleEnd = this.#endIndex;
    this.#storage?.remove();
  }

  /** Drops the oldest chunk. */
  #forget(chunk: LogChunk): void {
    this.#firstIndex = chunk.endIndex;
    this.#chunks.shift();
    this.#release(chunk);
    this.#storage?.trim(chunk.fileOffset + chunk.usedBytes);
  }

  #release(chunk: LogChunk): void {
    this.#budget.forget(chunk);
    this.#budget.giveBack(chunk.bytesCount);
  }

  async #flush(): Promise<void> {
    try {
      const end = this.#endIndex;
      const dirty = this.#chunks.filter((chunk) => chunk.flushedBytes < chunk.usedBytes);
      const pieces = dirty.map((chunk) => chunk.unflushed());
      const flushed = dirty.map((chunk) => chunk.usedBytes);
      await this.#storage?.append(pieces, { firstIndex: this.#visibleEnd, endIndex: end });
      for (const [i, chunk] of dirty.entries()) chunk.flushedBytes = flushed[i] as number;
      this.#visibleEnd = Math.max(this.#visibleEnd, end);
      // The last chunk still accepts records. The others can be read from the file again.
      for (const chunk of dirty) if (chunk !== this.#chunks.at(-1)) this.#budget.touch(chunk);
    } catch (error) {
      this.#dropUnflushed();
      throw error;
    } finally {
      this.#flushing = undefined;
    }
  }

  /**
   * Drops the records that could not be made durable. All callers that put them wait for this
   * flush, and get its error.
   */
  #dropUnflushed(): void {
    for (let last = this.#chunks.at(-1); last?.flushedBytes === 0; last = this.#chunks.at(-1)) {
      this.#chunks.pop();
      this.#release(last);
      this.#fileOffset = last.fileOffset;
    }
    const last = this.#chunks.at(-1);
    last?.dropUnflushed();
    if (last !== undefined) this.#fileOffset = last.fileOffset + last.usedBytes;
    this.#endIndex = this.#visibleEnd;
  }

  async #loadChunk(chunk: LogChunk): Promise<void> {
    if (!chunk.isLoaded && this.#storage !== undefined) {
      const { firstIndex, fileOffset: offset, usedBytes: length } = chunk;
      const bytes = await this.#storage.read({ firstIndex, offset, length });
      // In the meantime, another reader may have loaded the chunk, or it may have been trimmed.
      if (!chunk.isLoaded && this.#chunks.includes(chunk)) {
        this.#budget.takeAnyway(bytes.length);
        chunk.load(bytes);
      }
    }
    if (chunk.isLoaded && this.#storage !== undefined && this.#isSettled(chunk)) {
      this.#budget.touch(chunk);
    }
  }

  /** Whether a chunk is completely in the file and accepts no more records. */
  #isSettled(chunk: LogChunk): boolean {
    if (!this.#chunks.includes(chunk) || chunk.flushedBytes < chunk.usedBytes) return false;
    return chunk !== this.#chunks.at(-1) || !chunk.hasRoom(frameHeaderBytes);
  }

  #chunkWithRoom(frameBytes: number): LogChunk | undefined {
    const last = this.#chunks.at(-1);
    if (last?.hasRoom(frameBytes)) return last;
    // Doubling keeps a thousand quiet shards small, and a busy one in few pieces.
    const grown = Math.min((last?.bytesCount ?? 0) * 2, chunkBytesMax);
    const capacityBytes = Math.max(grown, chunkBytesMin, frameBytes);
    if (!this.#budget.take(capacityBytes)) return undefined;
    const chunk = new LogChunk({
      firstIndex: this.#endIndex,
      fileOffset: this.#fileOffset,
      capacityBytes,
    });
    this.#chunks.push(chunk);
    if (last !== undefined && this.#storage !== undefined && this.#isSettled(last)) {
      this.#budget.touch(last);
    }
    return chunk;
  }

  /** The index itself, or the next existing one if its record was dropped. */
  #present(index: number): number {
    const place = this.#placeOf(index);
    const chunk = this.#chunks[place];
    if (chunk !== undefined && index < chunk.endIndex) return index;
    return this.#chunks[place + 1]?.firstIndex ?? Math.max(index, this.#endIndex);
  }

  #chunkOf(index: number): LogChunk | undefined {
    if (index < this.#firstIndex || index >= this.#endIndex) return undefined;
    const chunk = this.#chunks[this.#placeOf(index)];
    return chunk !== undefined && index < chunk.endIndex ? chunk : undefined;
  }

  /** Position of the chunk that contains the index, or of the chunk before it. */
  #placeOf(index: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle] as LogChunk).firstIndex <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
