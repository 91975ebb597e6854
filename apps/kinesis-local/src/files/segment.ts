import type { ChunkPlace } from '@highwater/kinesis-engine';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openOwn, syncDirectory } from './durable.ts';
import { DataDirectoryError } from './errors.ts';
import { firstIndexOf, lostPath, summaryPath, tornPath } from './file-names.ts';
import type { RecoveryNotes } from './recovery-notes.ts';
import { readFully } from './read-fully.ts';
import { isFollowedByRecord, scanSegment, type ScannedSegment } from './scan-segment.ts';
import { seal, unseal } from './sealed.ts';

/** One file of a shard's log. */
export interface Segment {
  readonly path: string;
  readonly firstIndex: number;
  /** Offset of its first byte in the whole log. */
  readonly startOffset: number;
  lengthBytes: number;
}

/** The content of a segment. */
export interface RecoveredSegment {
  readonly places: readonly ChunkPlace[];
  readonly lengthBytes: number;
  /** Index after its last record. */
  readonly endIndex: number;
  /** Bytes of records that were given up and cut off. */
  readonly givenUpBytes: number;
}

/** Where a segment is damaged, and the remedy. */
export function damage(path: string, offset: number, index: number): string {
  return `reading ${path}: damaged at byte ${offset}, in record ${index}; restore it from a backup, or create the empty file ${lostPath(dirname(path), index)} to continue without that record and the later records of this file`;
}

/** Stores a summary of a segment that is complete, so that a start need not read it. */
export async function writeSummary(segment: Segment): Promise<void> {
  await using file = await openOwn(segment.path, 'read');
  const { places, intactBytes, endIndex } = await scanSegment(file, segment.firstIndex);
  if (intactBytes !== segment.lengthBytes) {
    throw new DataDirectoryError(damage(segment.path, intactBytes, endIndex));
  }
  await saveSummary(segment.path, { lengthBytes: intactBytes, places });
}

type Summary = Pick<RecoveredSegment, 'lengthBytes' | 'places'>;

async function saveSummary(path: string, summary: Summary): Promise<void> {
  await using file = await openOwn(summaryPath(path), 'replace');
  // Not synced: if it is missing or does not match, the segment is read instead.
  await file.writeFile(seal(JSON.stringify(summary)));
}

/**
 * Determines the content of a segment. In the last segment of a shard, cuts off an incomplete
 * append of a crash and keeps the bytes aside.
 *
 * @param options.acknowledgedEnd index after the last record that is known to be acknowledged
 * @throws {DataDirectoryError} when a damaged record was acknowledged, or is followed by others
 */
export async function recoverSegment(
  path: string,
  options: {
    readonly isLast: boolean;
    readonly acknowledgedEnd: number;
    /** For each segment, the index from which a person has given up its records. */
    readonly lost: readonly number[];
    readonly notes: RecoveryNotes;
  },
): Promise<RecoveredSegment> {
  const { isLast, lost, notes } = options;
  const firstIndex = firstIndexOf(basename(path));
  await using file = await openOwn(path, 'change');
  const { size } = await file.stat();
  const summary = isLast ? undefined : await readSummary(path, firstIndex, size);
  const isGivenUp = summary !== undefined && lost.some((index) => isWithin(index, summary));
  if (summary !== undefined && !isGivenUp) return summary;
  const scanned = await scanSegment(file, firstIndex);
  const { places, intactBytes: lengthBytes, endIndex } = scanned;
  const restBytes = size - lengthBytes;
  const isKnown = lost.includes(endIndex);
  if (restBytes > 0) {
    if (!isKnown && (await isDamaged(file, scanned, options))) {
      throw new DataDirectoryError(damage(path, lengthBytes, endIndex));
    }
    await setAside(path, lengthBytes, restBytes);
    if (!isKnown) notes.torn.push({ path, bytes: restBytes, keptIn: tornPath(path) });
    await file.truncate(lengthBytes);
    await file.datasync();
  }
  // It only makes the next start faster.
  if (!isLast) await saveSummary(path, { lengthBytes, places }).catch(() => undefined);
  return { places, lengthBytes, endIndex, givenUpBytes: isKnown ? restBytes : 0 };
}

/** Whether the end of a segment is more than an append that a crash cut off. */
async function isDamaged(
  file: Pick<FileHandle, 'read' | 'stat'>,
  { intactBytes, endIndex }: ScannedSegment,
  options: { readonly isLast: boolean; readonly acknowledgedEnd: number },
): Promise<boolean> {
  if (!options.isLast || endIndex < options.acknowledgedEnd) return true;
  return isFollowedByRecord(file, intactBytes, endIndex);
}

function isWithin(index: number, { places, endIndex }: RecoveredSegment): boolean {
  return (places[0]?.firstIndex ?? endIndex) <= index && index < endIndex;
}

/** Appends the end of a segment to a separate file, after the bytes of earlier crashes. */
async function setAside(path: string, offset: number, length: number): Promise<void> {
  const bytes = Buffer.allocUnsafe(length);
  await using file = await openOwn(path, 'read');
  const lengthRead = await readFully(file, bytes, offset);
  await using torn = await openOwn(tornPath(path), 'append');
  await torn.writeFile(bytes.subarray(0, lengthRead));
  await torn.datasync();
  await syncDirectory(dirname(path));
}

/** @returns undefined when the summary is missing, damaged, or belongs to another segment */
async function readSummary(
  path: string,
  firstIndex: number,
  lengthBytes: number,
): Promise<RecoveredSegment | undefined> {
  try {
    await using file = await openOwn(summaryPath(path), 'read');
    const content = unseal(await file.readFile('utf8'));
    if (content === undefined) return undefined;
    const summary = JSON.parse(content) as Summary;
    const { places } = summary;
    const last = places.at(-1);
    if (summary.lengthBytes !== lengthBytes || places[0]?.firstIndex !== firstIndex)
      return undefined;
    if (last === undefined) return undefined;
    const endIndex = last.firstIndex + last.recordsCount;
    return { places, lengthBytes, endIndex, givenUpBytes: 0 };
  } catch {
    return undefined;
  }
}
