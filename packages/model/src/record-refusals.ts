import assert from 'node:assert/strict';
import type { DeadLetterReason } from './dead-letter-reasons.ts';
import { recordOfLetter, type DeadLetter, type RefusedElements } from './dead-letter.ts';
import type { StreamRecord } from './stream-record.ts';

/** Why an element of a record is rejected. */
export interface ElementRefusal {
  /** Its index in the record, from 0. */
  readonly index: number;
  readonly reason: DeadLetterReason;
  readonly detail: string;
}

/** More would not help a person, and the letter must not become larger than its record. */
const rangesMax = 64;

/**
 * Collects the rejected elements of one record, so that a record of a thousand bad elements gets
 * one letter, not a thousand.
 */
export class RecordRefusals {
  #first: ElementRefusal | undefined;
  #count = 0;
  readonly #reasons = new Map<string, number>();
  #ranges: [first: number, last: number][] = [];

  get count(): number {
    return this.#count;
  }

  add(refusal: ElementRefusal): void {
    const { index, reason } = refusal;
    if (!this.#first || index < this.#first.index) this.#first = refusal;
    this.#count += 1;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    const last = this.#ranges.at(-1);
    if (last && index === last[1] + 1) last[1] = index;
    else this.#ranges.push([index, index]);
    // Elements arrive in order, or in a few ordered runs.
    if (this.#ranges.length > 2 * rangesMax)
      this.#ranges = merged(this.#ranges).slice(0, rangesMax);
  }

  /**
   * The letter of the record.
   *
   * @param elementsCount how many elements the record has; for a record with one, there is nothing
   * to list
   */
  letter(
    record: StreamRecord,
    origin: Pick<DeadLetter, 'stage' | 'stream' | 'shardId'>,
    elementsCount: number,
  ): DeadLetter {
    assert(this.#first, 'a letter needs a refusal');
    const { reason, detail } = this.#first;
    return {
      ...origin,
      ...recordOfLetter(record),
      reason,
      detail,
      ...(elementsCount > 1 ? { elements: this.#elements() } : {}),
      payload: record.data,
    };
  }

  #elements(): RefusedElements {
    const ranges = merged(this.#ranges).slice(0, rangesMax);
    const listed = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    return {
      refused: this.#count,
      ranges,
      ...(listed < this.#count ? { unlisted: this.#count - listed } : {}),
      reasons: Object.fromEntries(this.#reasons),
    };
  }
}

function merged(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}
