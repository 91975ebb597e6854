import assert from 'node:assert/strict';
import {
  frameLength,
  readArrivalMs,
  readFrame,
  sealFrame,
  writeFrame,
  type LoggedRecord,
} from './frame.ts';
import type { Evictable } from './memory-budget.ts';

/** The location of a chunk that was read from a file. */
export interface ChunkPlace {
  readonly firstIndex: number;
  readonly recordsCount: number;
  readonly fileOffset: number;
  readonly usedBytes: number;
  readonly oldestArrivalMs: number;
  readonly newestArrivalMs: number;
}

/**
 * A run of records in one buffer. Once its bytes are in a file, they can be evicted and loaded
 * again.
 */
export class LogChunk implements Evictable {
  readonly firstIndex: number;
  /** Offset of its first byte in the whole log. */
  readonly fileOffset: number;
  #bytes: Buffer | undefined;
  #offsets: number[] = [];
  #recordsCount = 0;
  #usedBytes = 0;
  /** Bytes from the start that are stored in the file. */
  flushedBytes = 0;
  oldestArrivalMs = Infinity;
  newestArrivalMs = -Infinity;

  constructor(start: { firstIndex: number; fileOffset: number; capacityBytes: number }) {
    this.firstIndex = start.firstIndex;
    this.fileOffset = start.fileOffset;
    if (start.capacityBytes > 0) this.#bytes = Buffer.allocUnsafeSlow(start.capacityBytes);
  }

  /** A chunk whose bytes are only in the file. */
  static atPlace(place: ChunkPlace): LogChunk {
    const { firstIndex, fileOffset, usedBytes } = place;
    const chunk = new LogChunk({ firstIndex, fileOffset, capacityBytes: 0 });
    chunk.#recordsCount = place.recordsCount;
    chunk.#usedBytes = usedBytes;
    chunk.flushedBytes = usedBytes;
    chunk.oldestArrivalMs = place.oldestArrivalMs;
    chunk.newestArrivalMs = place.newestArrivalMs;
    return chunk;
  }

  /** Index after the last record. */
  get endIndex(): number {
    return this.firstIndex + this.#recordsCount;
  }

  /** Memory that it uses. */
  get bytesCount(): number {
    return this.#bytes?.length ?? 0;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get isLoaded(): boolean {
    return this.#bytes !== undefined;
  }

  hasRoom(bytes: number): boolean {
    return this.#bytes !== undefined && this.#usedBytes + bytes <= this.#bytes.length;
  }

  append(
    record: { arrivalMs: number; partitionKey: string; data: Uint8Array },
    isKept: boolean,
  ): void {
    assert(this.#bytes !== undefined);
    const index = this.endIndex;
    const { arrivalMs, partitionKey, data } = record;
    const offset = this.#usedBytes;
    const length = writeFrame(this.#bytes, offset, { index, arrivalMs, partitionKey, data });
    if (isKept) sealFrame(this.#bytes, offset, length);
    this.#offsets.push(offset);
    this.#recordsCount += 1;
    this.#usedBytes += length;
    this.#noteArrival(arrivalMs);
  }

  /** The bytes that are not in the file yet. */
  unflushed(): Uint8Array {
    assert(this.#bytes !== undefined);
    return this.#bytes.subarray(this.flushedBytes, this.#usedBytes);
  }

  /** Drops the records that are not in the file, because writing them failed. */
  dropUnflushed(): void {
    if (this.flushedBytes === this.#usedBytes) return;
    assert(this.#bytes !== undefined);
    while ((this.#offsets.at(-1) ?? -1) >= this.flushedBytes) {
      this.#offsets.pop();
      this.#recordsCount -= 1;
    }
    this.#usedBytes = this.flushedBytes;
    this.oldestArrivalMs = Infinity;
    this.newestArrivalMs = -Infinity;
    for (const offset of this.#offsets) this.#noteArrival(readArrivalMs(this.#bytes, offset));
  }

  evict(): void {
    this.#bytes = undefined;
    this.#offsets = [];
  }

  load(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#offsets = [];
    for (let offset = 0; offset < this.#usedBytes;) {
      this.#offsets.push(offset);
      const length = frameLength(bytes, offset);
      assert(length !== undefined, `reading chunk ${this.firstIndex}: a record is cut off`);
      offset += length;
    }
  }

  record(index: number): LoggedRecord {
    return readFrame(this.#loaded(), this.#offset(index));
  }

  /** Arrival time of a record; the time of the oldest record if the chunk is not loaded. */
  arrivalMs(index: number): number {
    if (this.#bytes === undefined) return this.oldestArrivalMs;
    return readArrivalMs(this.#bytes, this.#offset(index));
  }

  #noteArrival(arrivalMs: number): void {
    this.oldestArrivalMs = Math.min(this.oldestArrivalMs, arrivalMs);
    this.newestArrivalMs = Math.max(this.newestArrivalMs, arrivalMs);
  }

  #loaded(): Buffer {
    assert(this.#bytes !== undefined, `chunk ${this.firstIndex} is not loaded`);
    return this.#bytes;
  }

  #offset(index: number): number {
    const offset = this.#offsets[index - this.firstIndex];
    assert(offset !== undefined, `index ${index} is outside chunk ${this.firstIndex}`);
    return offset;
  }
}
