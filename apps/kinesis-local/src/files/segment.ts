import type { ChunkPlace } from '@highwater/testkit/stream';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryError } from './errors.ts';
import { scanSegment } from './scan-segment.ts';

/** One file of a shard's log. */
export interface Segment {
  readonly path: string;
  /** Where its first byte is in the whole run of the log. */
  readonly startOffset: number;
  lengthBytes: number;
}

const suffix = '.log';

/** A segment is named by the index of its first record, so that names sort as records do. */
export function segmentPath(directory: string, firstIndex: number): string {
  return join(directory, `${String(firstIndex).padStart(15, '0')}${suffix}`);
}

/** Whether a file in a shard's directory is a segment; the others are summaries. */
export function isSegmentName(name: string): boolean {
  return name.endsWith(suffix);
}

/** @returns 1, the first index of all, for a shard without segments */
export function firstIndexOf(name: string | undefined): number {
  return name === undefined ? 1 : Number(name.slice(0, -suffix.length));
}

/** Where the summary of a segment is. */
export function summaryPath(path: string): string {
  return `${path.slice(0, -suffix.length)}.summary`;
}

/** Notes what a segment holds that will not grow any more, so that it need not be read at start. */
export async function writeSummary(segment: Segment): Promise<void> {
  const file = await open(segment.path, 'r');
  try {
    const { places } = await scanSegment(file);
    const summary = JSON.stringify({ lengthBytes: segment.lengthBytes, places });
    // Not made durable: without it, or when it does not fit, the segment is read instead.
    await writeFile(summaryPath(segment.path), summary);
  } finally {
    await file.close();
  }
}

/**
 * Finds out what a segment holds. In the last one of a shard, what a crash left unfinished at the
 * end is cut off: it was never acknowledged.
 *
 * @throws {DataDirectoryError} when records are damaged that others follow
 */
export async function recoverSegment(
  path: string,
  isLast: boolean,
): Promise<{ readonly places: readonly ChunkPlace[]; readonly lengthBytes: number }> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const places = isLast ? undefined : await readSummary(path, size);
    if (places !== undefined) return { places, lengthBytes: size };
    const scanned = await scanSegment(file);
    if (scanned.intactBytes < size) {
      if (!isLast) {
        throw new DataDirectoryError(
          `reading ${path}: damaged after ${scanned.intactBytes} of ${size} bytes; move it away to go on without its records`,
        );
      }
      await file.truncate(scanned.intactBytes);
      await file.datasync();
    }
    return { places: scanned.places, lengthBytes: scanned.intactBytes };
  } finally {
    await file.close();
  }
}

async function readSummary(
  path: string,
  lengthBytes: number,
): Promise<readonly ChunkPlace[] | undefined> {
  try {
    const summary = JSON.parse(await readFile(summaryPath(path), 'utf8')) as {
      readonly lengthBytes: number;
      readonly places: readonly ChunkPlace[];
    };
    return summary.lengthBytes === lengthBytes ? summary.places : undefined;
  } catch {
    return undefined;
  }
}
