import { Slots } from '@highwater/flow';
import type { OutgoingRecord } from '@highwater/model';

/** Puts records. Resolves when they are accepted. */
export type PutRecords = (records: readonly OutgoingRecord[]) => Promise<void>;

/**
 * A limited number of concurrent puts. The code that creates the records waits for a free slot, so
 * it neither runs ahead of the stream nor blocks the event loop.
 */
export class BoundedPuts {
  readonly #put: PutRecords;
  readonly #slots: Slots;
  readonly #underWay = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  constructor(put: PutRecords, inFlightMax: number) {
    this.#put = put;
    this.#slots = new Slots(inFlightMax);
  }

  /**
   * Starts a put as soon as there is a slot.
   *
   * @throws the error of an earlier put, after all have ended
   */
  async begin(records: readonly OutgoingRecord[]): Promise<void> {
    const slot = await this.#slots.take();
    if (this.#failures.length > 0) {
      slot[Symbol.dispose]();
      return this.settled();
    }
    const putting = this.#put(records)
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => {
        slot[Symbol.dispose]();
        this.#underWay.delete(putting);
      });
    this.#underWay.add(putting);
  }

  /**
   * Resolves when everything was accepted.
   *
   * @throws the error of the first failed put, after all have ended
   */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}
