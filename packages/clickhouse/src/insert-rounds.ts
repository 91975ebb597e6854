import { Slots } from '@highwater/flow';
import type { Clock } from '@highwater/model';

/** How rows of several callers are put together. */
export interface RoundsOptions<Item> {
  readonly clock: Clock;
  /** How long the first item of a round waits for others, unless there are enough. */
  readonly delayMs: number;
  readonly itemsEnough: number;
  readonly itemsMax: number;
  readonly bytesMax: number;
  /** Rounds that are sent at the same time; while all are, the next one grows. */
  readonly inFlightMax: number;
  readonly bytesOf: (item: Item) => number;
  readonly send: (items: readonly Item[], signal: AbortSignal) => Promise<void>;
}

interface Round<Item> {
  readonly items: Item[];
  bytes: number;
  /** Callers that still wait for it. */
  callers: number;
  /** Aborted when it waits for no more items. */
  readonly enough: AbortController;
  /** Aborted when nobody waits for it any more. */
  readonly abandoned: AbortController;
  done: Promise<void>;
}

/**
 * Collects what several callers write at about the same time into large requests: each insert makes a
 * part that the engine has to merge, so few large ones are what it wants.
 */
export class InsertRounds<Item> implements AsyncDisposable {
  readonly #options: RoundsOptions<Item>;
  readonly #slots: Slots;
  readonly #unfinished = new Set<Promise<void>>();
  #open: Round<Item> | undefined;

  constructor(options: RoundsOptions<Item>) {
    this.#options = options;
    this.#slots = new Slots(options.inFlightMax);
  }

  /**
   * Resolves when all items are written.
   *
   * @throws what `send` throws; the signal's reason when it aborts first, and then they may still be
   *   written together with those of others
   */
  async add(items: readonly Item[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const rounds = new Set<Round<Item>>();
    for (const item of items) {
      const round = this.#roundFor(this.#options.bytesOf(item));
      round.items.push(item);
      rounds.add(round);
    }
    for (const round of rounds) round.callers += 1;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => {
      reject(signal.reason);
      for (const round of rounds) this.#leave(round, signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      const all = Promise.allSettled([...rounds].map(({ done }) => done));
      for (const result of await Promise.race([all, aborted])) {
        if (result.status === 'rejected') throw result.reason;
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#unfinished);
  }

  #roundFor(bytes: number): Round<Item> {
    const { itemsEnough, itemsMax, bytesMax } = this.#options;
    const open = this.#open;
    if (open && open.bytes + bytes <= bytesMax) {
      open.bytes += bytes;
      // Once: each call makes an error with its stack.
      if (open.items.length + 1 === itemsEnough) open.enough.abort();
      if (open.items.length + 1 >= itemsMax) this.#close(open);
      return open;
    }
    if (open) this.#close(open);
    const round: Round<Item> = {
      items: [],
      bytes,
      callers: 0,
      enough: new AbortController(),
      abandoned: new AbortController(),
      done: Promise.resolve(),
    };
    this.#open = round;
    round.done = this.#run(round);
    this.#unfinished.add(round.done);
    return round;
  }

  #close(round: Round<Item>): void {
    if (this.#open === round) this.#open = undefined;
    if (!round.enough.signal.aborted) round.enough.abort();
  }

  async #run(round: Round<Item>): Promise<void> {
    const { clock, delayMs, send } = this.#options;
    try {
      await clock.sleep(delayMs, round.enough.signal).catch(() => undefined);
      await this.#slots.run(async () => {
        this.#close(round);
        round.abandoned.signal.throwIfAborted();
        await send(round.items, round.abandoned.signal);
      });
    } finally {
      this.#unfinished.delete(round.done);
    }
  }

  #leave(round: Round<Item>, reason: unknown): void {
    round.callers -= 1;
    if (round.callers > 0) return;
    // Nobody may join what is given up.
    this.#close(round);
    round.abandoned.abort(reason);
  }
}
