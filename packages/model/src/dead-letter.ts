import type { DeadLetterReason } from './dead-letter-reasons.ts';
import type { SequenceNumber } from './sequence-number.ts';
import type { StreamRecord } from './stream-record.ts';

/** A record (or a part of one) that could not be used, with the reason and all that is needed to try again. */
export interface DeadLetter {
  /** The service that set it aside. */
  readonly stage: string;
  readonly reason: DeadLetterReason;
  /** The problem, in words, for a person. */
  readonly detail: string;
  /** Of a record with several elements: which of them this is about; reason and detail are the first's. */
  readonly elements?: RefusedElements | undefined;
  /** The record's own bytes, once, however many of its elements are refused. */
  readonly payload: Uint8Array;
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: SequenceNumber;
  /** Which record of an aggregate it is: with shard and sequence number, its identity. */
  readonly subSequenceNumber?: number | undefined;
  readonly arrivalTimeMs: number;
}

/** Which elements of a record were refused, and why; elements are counted from 0. */
export interface RefusedElements {
  readonly refused: number;
  /** From one to another, both included; in order. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  /** How many of the refused are in none of the ranges, because there are too many of these. */
  readonly unlisted?: number | undefined;
  readonly reasons: Readonly<Record<string, number>>;
}

/** The number of refused elements in a letter, by reason. */
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

/** Where records go that cannot be used. */
export interface DeadLetters {
  /**
   * Resolves when the letters are durable, so that the next checkpoint may be written. If a record is
   * delivered again, it gets another letter.
   */
  put(letters: readonly DeadLetter[]): Promise<void>;
}
