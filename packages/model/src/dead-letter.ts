import type { DeadLetterReason } from './dead-letter-reasons.ts';
import type { SequenceNumber } from './sequence-number.ts';
import type { StreamRecord } from './stream-record.ts';

/**
 * A record (or a part of one) that could not be used, with the reason and everything needed to
 * retry it.
 */
export interface DeadLetter {
  /** The service that set it aside. */
  readonly stage: string;
  readonly reason: DeadLetterReason;
  /** The problem, in words, for a person. */
  readonly detail: string;
  /**
   * For a record with several elements: the elements that this letter is about. Reason and detail
   * are those of the first.
   */
  readonly elements?: RefusedElements | undefined;
  /** The record's own bytes, once, however many of its elements are rejected. */
  readonly payload: Uint8Array;
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: SequenceNumber;
  /**
   * Which record of an aggregate it is. Together with shard and sequence number, it identifies the
   * record.
   */
  readonly subSequenceNumber?: number | undefined;
  readonly arrivalTimeMs: number;
}

/** Which elements of a record were rejected, and why. Elements are counted from 0. */
export interface RefusedElements {
  readonly refused: number;
  /** From one index to another, both inclusive, in order. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  /** The number of rejected elements outside the ranges, because there are too many to list. */
  readonly unlisted?: number | undefined;
  readonly reasons: Readonly<Record<string, number>>;
}

/** The number of rejected elements in a letter, by reason. */
export function refusedByReason({ reason, elements }: DeadLetter): readonly [string, number][] {
  return elements ? Object.entries(elements.reasons) : [[reason, 1]];
}

/** The fields of a letter that identify its record. */
export function recordOfLetter({
  sequenceNumber,
  subSequenceNumber,
  arrivalTimeMs,
}: StreamRecord): Pick<DeadLetter, 'sequenceNumber' | 'subSequenceNumber' | 'arrivalTimeMs'> {
  return { sequenceNumber, subSequenceNumber, arrivalTimeMs };
}

/** Destination of records that cannot be used. */
export interface DeadLetters {
  /**
   * Resolves when the letters are durable, so that the next checkpoint may be written. A record
   * that is delivered again gets another letter.
   */
  put(letters: readonly DeadLetter[]): Promise<void>;
}
