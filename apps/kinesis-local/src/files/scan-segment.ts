import { frameLength, intactLength, readFrame, type ChunkPlace } from '@highwater/kinesis-engine';
import type { FileHandle } from 'node:fs/promises';
import { readFully } from './read-fully.ts';

/** The content of a segment file. */
export interface ScannedSegment {
  /** Runs of records; offsets count from the start of the file. */
  readonly places: readonly ChunkPlace[];
  /** Bytes from the start that are complete and intact. */
  readonly intactBytes: number;
  /** Index after the last record in them. */
  readonly endIndex: number;
}

type File = Pick<FileHandle, 'read' | 'stat'>;

const runBytesMax = 1024 * 1024;

/**
 * Reads a segment from its start to the first record that is truncated, damaged, or out of
 * sequence.
 *
 * @param firstIndex index of its first record
 */
export async function scanSegment(file: File, firstIndex: number): Promise<ScannedSegment> {
  const { size } = await file.stat();
  const places: ChunkPlace[] = [];
  let offset = 0;
  let endIndex = firstIndex;
  let window = runBytesMax;
  while (offset < size) {
    const bytes = Buffer.allocUnsafe(Math.min(window, size - offset));
    const length = await readFully(file, bytes, offset);
    const place = scanRun(bytes.subarray(0, length), offset, endIndex);
    if (place === undefined) {
      // Either the first record is longer than the bytes read, or it is damaged.
      if (bytes.length === size - offset) break;
      window *= 2;
      continue;
    }
    window = runBytesMax;
    places.push(place);
    offset += place.usedBytes;
    endIndex += place.recordsCount;
  }
  return { places, intactBytes: offset, endIndex };
}

/** The records at the start of the bytes that are complete, intact, and in sequence. */
function scanRun(bytes: Buffer, fileOffset: number, firstIndex: number): ChunkPlace | undefined {
  let usedBytes = 0;
  let recordsCount = 0;
  let oldestArrivalMs = Infinity;
  let newestArrivalMs = -Infinity;
  for (;;) {
    const length = intactLength(bytes, usedBytes, firstIndex + recordsCount);
    if (length === undefined) break;
    const { arrivalMs } = readFrame(bytes, usedBytes);
    oldestArrivalMs = Math.min(oldestArrivalMs, arrivalMs);
    newestArrivalMs = Math.max(newestArrivalMs, arrivalMs);
    recordsCount += 1;
    usedBytes += length;
  }
  if (recordsCount === 0) return undefined;
  return { firstIndex, recordsCount, fileOffset, usedBytes, oldestArrivalMs, newestArrivalMs };
}

const frameBytesMin = 24;
const indexOffset = 10;
/** Maximum bytes whose checksum is tried, as a multiple of the searched bytes. */
const effortMax = 64;

/**
 * Whether a complete later record of the log exists somewhere after a damaged one. After an append
 * that a crash cut off, there is none.
 *
 * @param expectedIndex index of the damaged record
 */
export async function isFollowedByRecord(
  file: File,
  offset: number,
  expectedIndex: number,
): Promise<boolean> {
  const { size } = await file.stat();
  const bytes = Buffer.allocUnsafe(size - offset);
  const length = await readFully(file, bytes, offset);
  const lastIndex = expectedIndex + Math.floor(length / frameBytesMin);
  let effortBytes = effortMax * length;
  for (let at = 1; at + frameBytesMin <= length; at += 1) {
    const index = bytes.readUIntBE(at + indexOffset, 6);
    if (index <= expectedIndex || index > lastIndex) continue;
    const claimed = frameLength(bytes.subarray(0, length), at);
    if (claimed === undefined) continue;
    effortBytes -= claimed;
    // Data crafted to look like many records: more likely damage than a truncated append.
    if (effortBytes < 0) return true;
    if (intactLength(bytes, at, index) !== undefined) return true;
  }
  return false;
}
