import { frameLength, intactLength, readFrame, type ChunkPlace } from '@highwater/kinesis-engine';
import type { FileHandle } from 'node:fs/promises';
import { readFully } from './read-fully.ts';

/** What a segment file holds. */
export interface ScannedSegment {
  /** Runs of records, their offsets counted from the start of the file. */
  readonly places: readonly ChunkPlace[];
  /** Bytes from the start that are whole and intact. */
  readonly intactBytes: number;
  /** Index after the last record in them. */
  readonly endIndex: number;
}

type File = Pick<FileHandle, 'read' | 'stat'>;

const runBytesMax = 1024 * 1024;

/**
 * Reads a segment from its start to the first record that is cut off or damaged, or is not the one that
 * follows.
 *
 * @param firstIndex of the record that it begins with
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
      // Either the first record is longer than what was read, or it is not intact.
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

/** The records at the start of the bytes that are whole and intact, and follow each other. */
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
/** Bytes whose checksum is tried, in multiples of those that are searched. */
const effortMax = 64;

/**
 * Whether a record that comes later in the log stands whole somewhere after a place where one is
 * damaged. An append that a crash cut off leaves none.
 *
 * @param expectedIndex of the record that is damaged
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
    // Records that are made to look like many others: rather damage than a cut.
    if (effortBytes < 0) return true;
    if (intactLength(bytes, at, index) !== undefined) return true;
  }
  return false;
}
