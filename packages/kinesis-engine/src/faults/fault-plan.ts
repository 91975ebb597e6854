import type { SeededRandom } from './seeded-random.ts';

/** The fault of one call. */
export type Fault =
  | 'none'
  /** Rejected before anything was done. */
  | 'throttle'
  /** Rejected before anything was done, as by a broken server. */
  | 'fail'
  /** Done, but the caller never gets the answer. */
  | 'lose_reply'
  /** The connection breaks before anything was done. */
  | 'cut';

/** The fault of a subscription at one event. */
export type SubscriptionFault = 'none' | 'end' | 'stall' | 'cut';

/** Shares of the calls, each from 0 to 1. A fault that is not listed does not occur. */
export interface FaultRates {
  readonly throttle?: number | undefined;
  readonly fail?: number | undefined;
  readonly loseReply?: number | undefined;
  readonly cut?: number | undefined;
  /** Share of puts (or writes) in which some entries are rejected. */
  readonly partial?: number | undefined;
  /** Share of reads whose records are delivered again by the next read. */
  readonly duplicate?: number | undefined;
  /** Share of reads whose iterator is reported as expired. */
  readonly expireIterator?: number | undefined;
  /** Share of calls that take up to `delayMsMax` longer, before or after they have their effect. */
  readonly delay?: number | undefined;
  /** @default 1000 */
  readonly delayMsMax?: number | undefined;
  /** Share of a subscription's events after which the server ends it. */
  readonly endSubscription?: number | undefined;
  /** Share of a subscription's events after which it stalls. */
  readonly stallSubscription?: number | undefined;
  /** Share of a subscription's events after which its connection breaks. */
  readonly cutSubscription?: number | undefined;
}

/**
 * Decides from a seed which faults occur, and when. `heal` stops all faults, so that a simulation
 * can settle and be compared.
 */
export class FaultPlan {
  readonly #random: SeededRandom;
  #rates: FaultRates;

  constructor(random: SeededRandom, rates: FaultRates) {
    this.#random = random;
    this.#rates = rates;
  }

  get seed(): string {
    return this.#random.seed;
  }

  get rates(): FaultRates {
    return this.#rates;
  }

  heal(): void {
    this.#rates = {};
  }

  change(rates: FaultRates): void {
    this.#rates = rates;
  }

  nextFault(): Fault {
    const { throttle = 0, fail = 0, loseReply = 0, cut = 0 } = this.#rates;
    return this.#choose<Fault>('none', [
      ['throttle', throttle],
      ['fail', fail],
      ['lose_reply', loseReply],
      ['cut', cut],
    ]);
  }

  nextSubscriptionFault(): SubscriptionFault {
    const { endSubscription = 0, stallSubscription = 0, cutSubscription = 0 } = this.#rates;
    return this.#choose<SubscriptionFault>('none', [
      ['end', endSubscription],
      ['stall', stallSubscription],
      ['cut', cutSubscription],
    ]);
  }

  /** How long this step of a call takes; 0 for most. */
  nextDelayMs(): number {
    const { delay = 0, delayMsMax = 1000 } = this.#rates;
    return this.#random.chance(delay) ? this.#random.int(1, delayMsMax) : 0;
  }

  isDuplicate(): boolean {
    return this.#random.chance(this.#rates.duplicate ?? 0);
  }

  isExpired(): boolean {
    // Draws no number when the fault cannot occur, so that plans without it keep their draws.
    const { expireIterator = 0 } = this.#rates;
    return expireIterator > 0 && this.#random.chance(expireIterator);
  }

  /** For each entry, whether it is rejected; usually none is. */
  nextRefused(entriesCount: number): boolean[] {
    if (!this.#random.chance(this.#rates.partial ?? 0)) {
      return Array.from({ length: entriesCount }, () => false);
    }
    const share = this.#random.uniform();
    return Array.from({ length: entriesCount }, () => this.#random.chance(share));
  }

  /** The items, reordered in the share of calls that are delayed. */
  reorder<T>(items: readonly T[]): readonly T[] {
    return this.#random.chance(this.#rates.delay ?? 0) ? this.#random.shuffle(items) : items;
  }

  #choose<T>(otherwise: T, shares: readonly (readonly [T, number])[]): T {
    let left = this.#random.uniform();
    for (const [choice, share] of shares) {
      if (left < share) return choice;
      left -= share;
    }
    return otherwise;
  }
}
