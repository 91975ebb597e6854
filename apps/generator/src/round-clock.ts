import type { TimeUnit } from '@highwater/model';
import type { PythonRandom } from './python-random.ts';

/** How many records are late, and by how much. */
export interface Lateness {
  /** 0 to 100. */
  readonly percentLate: number;
  readonly lateTimeSeconds: number;
  /** Whether each record is drawn individually. Otherwise, a round is drawn as a whole. */
  readonly isPerPoint: boolean;
}

/**
 * Gives the records of a round their times: the current time, or an earlier one for late records.
 */
export class RoundClock {
  readonly #lateness: Lateness;
  readonly #random: PythonRandom;
  readonly #onLate: () => void;
  readonly #timeUnit: TimeUnit;
  readonly #isLateRound: boolean;
  #onTimeText = '';
  #lateText = '';

  constructor(options: {
    readonly lateness: Lateness;
    readonly random: PythonRandom;
    readonly timeUnit: TimeUnit;
    readonly onLate: () => void;
  }) {
    this.#lateness = options.lateness;
    this.#random = options.random;
    this.#onLate = options.onLate;
    this.#timeUnit = options.timeUnit;
    this.#isLateRound = !options.lateness.isPerPoint && this.#drawLate();
  }

  /** Sets the time of records that are not late. */
  set(nowMs: number): void {
    this.#onTimeText = timeText(nowMs, this.#timeUnit);
    this.#lateText = timeText(nowMs - this.#lateness.lateTimeSeconds * 1000, this.#timeUnit);
  }

  /** The time of the next record. */
  next(): string {
    const isLate = this.#lateness.isPerPoint ? this.#drawLate() : this.#isLateRound;
    if (!isLate) return this.#onTimeText;
    this.#onLate();
    return this.#lateText;
  }

  #drawLate(): boolean {
    const { percentLate } = this.#lateness;
    return percentLate > 0 && this.#random.uniform() * 100 < percentLate;
  }
}

/** The digits of a time in a unit. Digits finer than the clock are zero. */
export function timeText(timeMs: number, unit: TimeUnit): string {
  switch (unit) {
    case 'SECONDS':
      return String(Math.floor(timeMs / 1000));
    case 'MILLISECONDS':
      return String(timeMs);
    case 'MICROSECONDS':
      return `${timeMs}000`;
    case 'NANOSECONDS':
      return `${timeMs}000000`;
  }
}
