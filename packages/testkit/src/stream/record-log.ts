import assert from 'node:assert/strict';

/** One record as the log gives it back; `data` is a view that stays valid and must not be changed. */
export interface LoggedRecord {
  readonly index: number;
  readonly arrivalMs: number;
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** The records of one shard, from `startIndex` on, with what a reader must know of the rest. */
export interface LogSlice {
  readonly records: readonly LoggedRecord[];
  readonly nextIndex: number;
}

interface Chunk {
  readonly firstIndex: number;
  readonly bytes: Buffer;
  readonly offsets: number[];
  usedBytes: number;
  newestArrivalMs: number;
}

/** Frame: data bytes (4), key bytes (2), arrival ms (8), then key and data. */
const frameHeaderBytes = 14;
const chunkBytesMin = 16 * 1024;
const chunkBytesMax = 1024 * 1024;

/**
 * The records of one shard, packed into large buffers: a million small objects would cost more
 * memory than the records and keep the garbage collector busy, so that a full stream would be slower
 * than an empty one.
 *
 * Indexes rise by one a record, from 1, and never come again.
 */
export class RecordLog {
  readonly #chunks: Chunk[] = [];
  #firstIndex = 1;
  #endIndex = 1;
  #heldBytes = 0;

  /** Index of the oldest record that is kept; equal to `endIndex` when there is none. */
  get firstIndex(): number {
    return this.#firstIndex;
  }

  /** Index that the next record will get. */
  get endIndex(): number {
    return this.#endIndex;
  }

  /** Memory that the log takes, whether filled or not. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  append(record: { arrivalMs: number; partitionKey: string; data: Uint8Array }): number {
    const { arrivalMs, partitionKey, data } = record;
    const keyBytes = Buffer.byteLength(partitionKey);
    const frameBytes = frameHeaderBytes + keyBytes + data.length;
    const chunk = this.#chunkWithRoom(frameBytes);
    const { bytes } = chunk;
    let offset = chunk.usedBytes;
    chunk.offsets.push(offset);
    bytes.writeUInt32BE(data.length, offset);
    bytes.writeUInt16BE(keyBytes, offset + 4);
    bytes.writeDoubleBE(arrivalMs, offset + 6);
    offset += frameHeaderBytes;
    bytes.write(partitionKey, offset);
    bytes.set(data, offset + keyBytes);
    chunk.usedBytes += frameBytes;
    chunk.newestArrivalMs = Math.max(chunk.newestArrivalMs, arrivalMs);
    this.#endIndex += 1;
    return this.#endIndex - 1;
  }

  /** Reads from `startIndex`, or from the oldest record when that is younger; one record at least. */
  read(startIndex: number, limits: { recordsMax: number; bytesMax: number }): LogSlice {
    const records: LoggedRecord[] = [];
    let index = Math.max(startIndex, this.#firstIndex);
    let readBytes = 0;
    let at = this.#findChunk(index);
    while (index < this.#endIndex && records.length < limits.recordsMax) {
      let chunk = this.#chunks[at] as Chunk;
      if (index >= chunk.firstIndex + chunk.offsets.length)
        chunk = this.#chunks[(at += 1)] as Chunk;
      const record = decodeFrame(chunk, index);
      readBytes += record.data.length + record.partitionKey.length;
      if (records.length > 0 && readBytes > limits.bytesMax) break;
      records.push(record);
      index += 1;
    }
    return { records, nextIndex: index };
  }

  /** Arrival time of a record that is kept, else undefined. */
  arrivalMs(index: number): number | undefined {
    if (index < this.#firstIndex || index >= this.#endIndex) return undefined;
    const chunk = this.#chunks[this.#findChunk(index)] as Chunk;
    return chunk.bytes.readDoubleBE((chunk.offsets[index - chunk.firstIndex] as number) + 6);
  }

  /** Index of the first record that arrived at `timeMs` or later; `endIndex` when there is none. */
  findTime(timeMs: number): number {
    for (const chunk of this.#chunks) {
      if (chunk.newestArrivalMs < timeMs) continue;
      // Within a chunk one by one: arrival times need not rise.
      for (let i = 0; i < chunk.offsets.length; i += 1) {
        const index = chunk.firstIndex + i;
        if (index < this.#firstIndex) continue;
        if (chunk.bytes.readDoubleBE((chunk.offsets[i] as number) + 6) >= timeMs) return index;
      }
    }
    return this.#endIndex;
  }

  /** Forgets the oldest records as long as they arrived before `horizonMs`. */
  trim(horizonMs: number): void {
    for (;;) {
      const arrivalMs = this.arrivalMs(this.#firstIndex);
      if (arrivalMs === undefined || arrivalMs >= horizonMs) break;
      this.#firstIndex += 1;
    }
    for (;;) {
      const chunk = this.#chunks[0];
      if (chunk === undefined || this.#firstIndex < chunk.firstIndex + chunk.offsets.length) break;
      this.#chunks.shift();
      this.#heldBytes -= chunk.bytes.length;
    }
  }

  #chunkWithRoom(frameBytes: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.usedBytes + frameBytes <= last.bytes.length) return last;
    // Doubling keeps a thousand quiet shards small and a busy one in few pieces.
    const grown =
      last === undefined ? chunkBytesMin : Math.min(last.bytes.length * 2, chunkBytesMax);
    const chunk: Chunk = {
      firstIndex: this.#endIndex,
      bytes: Buffer.allocUnsafeSlow(Math.max(grown, frameBytes)),
      offsets: [],
      usedBytes: 0,
      newestArrivalMs: -Infinity,
    };
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.bytes.length;
    return chunk;
  }

  /** Place of the chunk that holds the index, or of the last one. */
  #findChunk(index: number): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#chunks[middle] as Chunk).firstIndex <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function decodeFrame(chunk: Chunk, index: number): LoggedRecord {
  const { bytes } = chunk;
  const offset = chunk.offsets[index - chunk.firstIndex];
  assert(offset !== undefined, `index ${index} is outside its chunk`);
  const keyStart = offset + frameHeaderBytes;
  const dataStart = keyStart + bytes.readUInt16BE(offset + 4);
  return {
    index,
    arrivalMs: bytes.readDoubleBE(offset + 6),
    partitionKey: bytes.toString('utf8', keyStart, dataStart),
    data: bytes.subarray(dataStart, dataStart + bytes.readUInt32BE(offset)),
  };
}
