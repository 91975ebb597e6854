import { frameLength, isIntact, readFrame, type ChunkPlace } from '@highwater/testkit/stream';
import type { FileHandle } from 'node:fs/promises';
import { readFully } from './read-fully.ts';

/** What a segment file holds. */
export interface ScannedSegment {
  /** Runs of records, their offsets counted from the start of the file. */
  readonly places: readonly ChunkPlace[];
  /** Bytes from the start that are whole and intact. */
  readonly intactBytes: number;
}

const runBytesMax = 1024 * 1024;

/** Reads a segment from its start to the first record that is cut off or damaged. */
export async function scanSegment(
  file: Pick<FileHandle, 'read' | 'stat'>,
): Promise<ScannedSegment> {
  const { size } = await file.stat();
  const places: ChunkPlace[] = [];
  let offset = 0;
  let window = runBytesMax;
  while (offset < size) {
    const bytes = Buffer.allocUnsafe(Math.min(window, size - offset));
    const length = await readFully(file, bytes, offset);
    const place = scanRun(bytes.subarray(0, length), offset);
    if (place === undefined) {
      // Either the first record is longer than what was read, or it is not intact.
      if (bytes.length === size - offset) break;
      window *= 2;
      continue;
    }
    window = runBytesMax;
    places.push(place);
    offset += place.usedBytes;
  }
  return { places, intactBytes: offset };
}

/** The records at the start of the bytes that are whole and intact. */
function scanRun(bytes: Buffer, fileOffset: number): ChunkPlace | undefined {
  let usedBytes = 0;
  let recordsCount = 0;
  let firstIndex = 0;
  let oldestArrivalMs = Infinity;
  let newestArrivalMs = -Infinity;
  for (;;) {
    const length = frameLength(bytes, usedBytes);
    if (length === undefined || !isIntact(bytes, usedBytes, length)) break;
    const { index, arrivalMs } = readFrame(bytes, usedBytes);
    if (recordsCount === 0) firstIndex = index;
    oldestArrivalMs = Math.min(oldestArrivalMs, arrivalMs);
    newestArrivalMs = Math.max(newestArrivalMs, arrivalMs);
    recordsCount += 1;
    usedBytes += length;
  }
  if (recordsCount === 0) return undefined;
  return { firstIndex, recordsCount, fileOffset, usedBytes, oldestArrivalMs, newestArrivalMs };
}
