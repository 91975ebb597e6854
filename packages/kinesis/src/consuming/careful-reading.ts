import type { StreamRecord } from '@highwater/model';
import type { Checkpoint, Suspects } from '../leases/lease-store.ts';
import { compareRecords, idOf, type AfterRecord, type RecordId } from '../api/read-position.ts';

/** A record is guilty after this many failed attempts on it alone. */
export const attemptsMax = 3;
/** A shard that is opened more often than this without a checkpoint in between is watched. */
const openingsUnwatchedMax = 2;

/** How a guilty record failed at every attempt. */
export type Guilt =
  | { readonly because: 'it_threw'; readonly error: unknown }
  /** The process ended, so nobody saw how. */
  | { readonly because: 'process_ended' };

/** Records that are processed in one call, or not at all. */
export type Piece =
  | { readonly type: 'together'; readonly records: readonly StreamRecord[] }
  | {
      readonly type: 'alone';
      readonly record: StreamRecord;
      /**
       * Present when the process may end because of it: the number of this attempt, to be stored
       * before it.
       */
      readonly attempt?: number | undefined;
    }
  | { readonly type: 'guilty'; readonly record: StreamRecord; readonly guilt: Guilt }
  | { readonly type: 'set_aside'; readonly record: StreamRecord };

interface Range {
  readonly first: RecordId;
  readonly last: RecordId;
}

interface Failures {
  readonly id: RecordId;
  readonly count: number;
  readonly error: unknown;
}

/**
 * Whether the records about to be processed are stored beforehand, because the process may end
 * because of them.
 */
export function isWatched({ openings = 0 }: Checkpoint): boolean {
  return openings > openingsUnwatchedMax;
}

/**
 * Finds the record that makes processing fail, for one shard and tenure. If a processor throws on a
 * batch, or the process seems to have ended because of it, the batch is read again record by record. A
 * record that fails alone `attemptsMax` times is guilty. A record that passes is innocent: a failure by
 * chance, by a stop or by the loss of a lease does not repeat.
 */
export class CarefulReading {
  /** The records of the batch that a processor threw on last. */
  #thrownOn: Range | undefined;
  /** Records that earlier processes started and did not finish. */
  #onTrial: Suspects | undefined;
  readonly #failures = new Map<string, Failures>();
  #setAside: ReadonlySet<string> = new Set();
  /** Guilty records since the last success. */
  readonly #guiltyInRow = new Set<string>();

  constructor({ suspects }: Checkpoint) {
    this.#onTrial = suspects;
  }

  /** Call this before the shard is read from a checkpoint, for the first time or again. */
  begin({ setAside = [] }: Checkpoint): void {
    this.#setAside = new Set(setAside.map(keyOf));
  }

  /** Cuts a batch, as far as is known when each piece is asked for. */
  *pieces(records: readonly StreamRecord[]): Generator<Piece, void, undefined> {
    let together: StreamRecord[] = [];
    for (const record of records) {
      const apart = this.#apart(record);
      if (!apart) {
        together.push(record);
        continue;
      }
      if (together.length > 0) yield { type: 'together', records: together };
      together = [];
      // Later events may have changed it.
      yield this.#apart(record) ?? { type: 'together', records: [record] };
    }
    if (together.length > 0) yield { type: 'together', records: together };
  }

  /**
   * Records the error of a piece.
   * @returns how often its first record has failed alone
   */
  failed(records: readonly StreamRecord[], error: unknown): number {
    const [first] = records;
    const last = records.at(-1);
    if (!first || !last) return 0;
    this.#acquit(last);
    const before = this.#thrownOn;
    // Earlier records have passed. Later records are still to be tried.
    const isWithin = before !== undefined && isIn(before, first);
    this.#thrownOn = { first: idOf(first), last: isWithin ? before.last : idOf(last) };
    if (records.length > 1) return 0;
    const count = (this.#failures.get(keyOf(first))?.count ?? 0) + 1;
    this.#failures.set(keyOf(first), { id: idOf(first), count, error });
    return count;
  }

  /**
   * Records that everything up to a record is done.
   * @returns whether careful reading ends with it
   */
  passed(record: RecordId): boolean {
    this.#guiltyInRow.clear();
    const isAcquitted = this.#acquit(record);
    if (!this.#thrownOn || compareRecords(record, this.#thrownOn.last) < 0) return isAcquitted;
    this.#thrownOn = undefined;
    return true;
  }

  /** @returns how many guilty records in a row were skipped, in this reading and those before */
  passedOver(record: RecordId): number {
    return this.#guiltyInRow.add(keyOf(record)).size;
  }

  /** Drops facts that a checkpoint has made irrelevant. */
  checkpointed(position: AfterRecord): void {
    for (const [key, { id }] of this.#failures) {
      if (compareRecords(id, position) <= 0) this.#failures.delete(key);
    }
  }

  /** The attempts up to here have not ended the process. */
  #acquit(record: RecordId): boolean {
    if (!this.#onTrial || compareRecords(record, this.#onTrial.last) < 0) return false;
    this.#onTrial = undefined;
    return true;
  }

  /** The treatment of a record that is not processed with its neighbors. */
  #apart(record: StreamRecord): Piece | undefined {
    if (this.#setAside.size > 0 && this.#setAside.has(keyOf(record))) {
      return { type: 'set_aside', record };
    }
    const guilt = this.#guilt(record);
    if (guilt) return { type: 'guilty', record, guilt };
    if (this.#onTrial && isIn(this.#onTrial, record)) {
      return { type: 'alone', record, attempt: this.#attemptsBefore(record) + 1 };
    }
    return this.#thrownOn && isIn(this.#thrownOn, record) ? { type: 'alone', record } : undefined;
  }

  #guilt(record: StreamRecord): Guilt | undefined {
    if (this.#attemptsBefore(record) >= attemptsMax) return { because: 'process_ended' };
    const failure = this.#failures.size > 0 ? this.#failures.get(keyOf(record)) : undefined;
    if (!failure || failure.count < attemptsMax) return undefined;
    return { because: 'it_threw', error: failure.error };
  }

  /** An attempt that ended the process, as far as is known. */
  #attemptsBefore(record: RecordId): number {
    const onTrial = this.#onTrial;
    return onTrial && compareRecords(record, onTrial.first) === 0 ? onTrial.attempts : 0;
  }
}

function isIn({ first, last }: Range, record: RecordId): boolean {
  return compareRecords(record, first) >= 0 && compareRecords(record, last) <= 0;
}

function keyOf({ sequenceNumber, subSequenceNumber = 0 }: RecordId): string {
  return `${sequenceNumber}/${subSequenceNumber}`;
}
