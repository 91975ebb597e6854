import { recordOfLetter, type DeadLetter, type StreamRecord } from '@highwater/model';
import { attemptsMax, type Guilt } from './careful-reading.ts';
import type { Checkpoint, SetAsideRecord } from '../leases/lease-store.ts';
import { compareRecords, idOf } from '../api/read-position.ts';

/**
 * Maximum number of records of one shard that a checkpoint lists as set aside. With more, the
 * process ends.
 */
export const setAsideRecordsMax = 100;
/** If this many records in a row throw, the service is considered at fault. */
export const guiltyInRowMax = 10;
/** A raised retention brings back at most the records that expired in the last day. */
const expiryMarginMs = 24 * 3_600_000;
const detailCharactersMax = 300;

/** A record that cannot be processed, and how it failed. */
export interface GuiltyRecord {
  readonly record: StreamRecord;
  readonly guilt: Guilt;
}

/** The part of a set-aside record that a checkpoint keeps. */
export function setAsideRecord({ record }: GuiltyRecord): SetAsideRecord {
  return { ...idOf(record), arrivalTimeMs: record.arrivalTimeMs };
}

/** The letter in which a guilty record can be found again. */
export function letterOf(
  { record, guilt }: GuiltyRecord,
  from: Pick<DeadLetter, 'stage' | 'stream' | 'shardId'>,
): DeadLetter {
  const detail =
    guilt.because === 'it_threw'
      ? oneLine(guilt.error)
      : `the process crashed ${attemptsMax} times while it processed this record alone`;
  const { stage, stream, shardId } = from;
  const origin = { stage, stream, shardId, ...recordOfLetter(record) };
  return { ...origin, reason: 'processing_failed', detail, payload: record.data };
}

/** Name and message, without the stack, because more people read a letter than the log. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // oxlint-disable-next-line no-control-regex -- they are what must not be in a line
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  return line.length > detailCharactersMax ? `${line.slice(0, detailCharactersMax - 1)}…` : line;
}

/**
 * The set-aside records that a reading may still reach: records after the checkpoint, and records
 * after the position from which its state would be rebuilt. If a processor names no such position, it
 * is the start of the shard, for as long as the stream may have the records.
 */
export function stillNeeded(
  setAside: readonly SetAsideRecord[],
  { position, watermarkMs, replayFrom }: Checkpoint,
  { nowMs, retentionMs }: { readonly nowMs: number; readonly retentionMs: number },
): readonly SetAsideRecord[] {
  if (position.type === 'SHARD_END') return [];
  if (position.type !== 'AFTER_SEQUENCE_NUMBER') return setAside;
  return setAside.filter((record) => {
    if (compareRecords(record, position) > 0) return true;
    if (replayFrom) return compareRecords(record, replayFrom) >= 0;
    if (watermarkMs !== undefined) return false;
    return record.arrivalTimeMs + retentionMs + expiryMarginMs > nowMs;
  });
}
