import type { ChunkPlace, IndexRange } from '@highwater/kinesis-engine';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DataDirectoryError } from './errors.ts';
import {
  endName,
  firstIndexOf,
  isLostName,
  isSegmentName,
  isShardFile,
  lostPath,
  summaryPath,
  tornPath,
} from './file-names.ts';
import { readLogEnd } from './log-end.ts';
import { ownEntries } from './own-entries.ts';
import type { RecoveryNotes } from './recovery-notes.ts';
import { damage, recoverSegment, type Segment } from './segment.ts';

/** The content that an earlier process left of a shard. */
export interface RecoveredShard {
  readonly segments: readonly Segment[];
  /** In order; offsets count from the start of the first segment. */
  readonly places: readonly ChunkPlace[];
  /** From the oldest stored record to the index that the next one must get. */
  readonly range: IndexRange;
  /**
   * Whether the next record must go into a new segment, because it does not follow the last one.
   */
  readonly hasGapAtEnd: boolean;
  /** Whether the file with the range of the log is up to date. */
  readonly isNoted: boolean;
}

/** How to recover a shard. */
export interface RecoverOptions {
  /** Whether the shard must have files, even if it has no records. */
  readonly mustExist: boolean;
  readonly notes: RecoveryNotes;
}

/** Files of a shard, by their meaning. */
interface Listing {
  readonly segments: readonly string[];
  /** Indexes of records that a person has given up, with the following ones in their segments. */
  readonly lost: readonly number[];
}

const frameBytesMin = 24;

/**
 * Reads the log of a shard, and checks that no record is missing.
 *
 * @throws {DataDirectoryError} when a record is damaged or missing that a person has not given up
 */
export async function recoverShard(
  directory: string,
  options: RecoverOptions,
): Promise<RecoveredShard> {
  const { notes } = options;
  const names = await ownEntries(directory, [{ type: 'file', isOwn: isShardFile }], notes.foreign);
  const noted = await readLogEnd(directory);
  const lost = names.filter(isLostName).map(firstIndexOf);
  const listed = names.filter(isSegmentName);
  const segments = noted === undefined ? listed : await finishTrim(directory, listed, noted, notes);
  if (noted === undefined && options.mustExist) {
    if (segments.length + lost.length === 0) throw emptied(directory);
    notes.damaged.push(join(directory, endName));
  }
  return recoverSegments(directory, { segments, lost }, noted, notes);
}

async function recoverSegments(
  directory: string,
  { segments, lost }: Listing,
  noted: IndexRange | undefined,
  notes: RecoveryNotes,
): Promise<RecoveredShard> {
  const recovered: Segment[] = [];
  const places: ChunkPlace[] = [];
  let nextIndex = noted?.firstIndex ?? Math.min(...segments.map(firstIndexOf), lost[0] ?? Infinity);
  if (nextIndex === Infinity) nextIndex = 1;
  let startOffset = 0;
  /** An index above all records that were given up in the last segment. */
  let usedEnd = 0;
  const goOnAt = (index: number) => {
    if (index <= nextIndex) return;
    if (!isGivenUp(lost, nextIndex, index)) {
      throw missing(directory, recovered.at(-1), { firstIndex: nextIndex, endIndex: index });
    }
    notes.givenUp.push({ directory, first: nextIndex, last: index - 1 });
    nextIndex = index;
  };
  for (const [i, name] of segments.entries()) {
    const path = join(directory, name);
    const first = firstIndexOf(name);
    if (i > 0 && first < nextIndex) {
      throw new DataDirectoryError(damage(path, 0, first));
    }
    goOnAt(first);
    const isLast = i === segments.length - 1;
    const acknowledgedEnd = noted?.endIndex ?? 0;
    const segment = await recoverSegment(path, { isLast, acknowledgedEnd, lost, notes });
    const { lengthBytes, endIndex, givenUpBytes } = segment;
    for (const place of segment.places) {
      places.push({ ...place, fileOffset: startOffset + place.fileOffset });
    }
    recovered.push({ path, firstIndex: first, startOffset, lengthBytes });
    startOffset += lengthBytes;
    nextIndex = endIndex;
    usedEnd = endIndex + Math.ceil(givenUpBytes / frameBytesMin);
  }
  const foundEnd = nextIndex;
  goOnAt(noted?.endIndex ?? usedEnd);
  const range = { firstIndex: recovered[0]?.firstIndex ?? nextIndex, endIndex: nextIndex };
  return {
    segments: recovered,
    places,
    range,
    hasGapAtEnd: nextIndex > foundEnd,
    isNoted: isDeepStrictEqual(noted, range),
  };
}

/**
 * Removes files of expired records that a crash has left. The new range was stored before the first
 * of them was removed.
 */
async function finishTrim(
  directory: string,
  segments: readonly string[],
  noted: IndexRange,
  notes: RecoveryNotes,
): Promise<readonly string[]> {
  const kept = segments.findIndex((_, i) => {
    const next = segments[i + 1];
    return next === undefined || firstIndexOf(next) > noted.firstIndex;
  });
  for (const name of segments.slice(0, Math.max(kept, 0))) {
    notes.removed.push(...(await removeSegment(join(directory, name))));
  }
  return segments.slice(Math.max(kept, 0));
}

/** Removes a segment whose records are no longer needed, and the files next to it. */
export async function removeSegment(path: string): Promise<string[]> {
  const all = [path, summaryPath(path), tornPath(path)];
  for (const each of all) await rm(each, { force: true });
  return [path];
}

/** Whether a file marks records in this range as given up by a person. */
function isGivenUp(lost: readonly number[], firstIndex: number, endIndex: number): boolean {
  return lost.some((index) => firstIndex <= index && index < endIndex);
}

function missing(
  directory: string,
  before: Segment | undefined,
  { firstIndex, endIndex }: IndexRange,
): DataDirectoryError {
  const where =
    before === undefined
      ? directory
      : `${before.path}: after its end at byte ${before.lengthBytes}`;
  return new DataDirectoryError(
    `reading ${where}: records ${firstIndex} to ${endIndex - 1} are missing; restore their file from a backup, or create the empty file ${lostPath(directory, firstIndex)} to continue without them`,
  );
}

function emptied(directory: string): DataDirectoryError {
  return new DataDirectoryError(
    `reading ${directory}: its files are missing, including ${endName}, which stores the number of records; ${goOnWithout(directory)}`,
  );
}

/** The remedy when nothing is left of a shard. */
export function goOnWithout(directory: string): string {
  return `restore it from a backup, or create the empty file ${lostPath(directory, 1)} to continue without its records. In the file name, use a number above all that readers have seen, so that they read the next records`;
}
