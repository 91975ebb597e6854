import type { ServiceWorker } from '../../test/consumer/service-fleet.ts';
import { samplesOf } from './samples.ts';

/** Rows by the bound of their bucket, seconds. */
type Buckets = ReadonlyMap<number, number>;

/**
 * The time from the arrival of the newest point of a row to its storage, over processes that start
 * and stop: the last known counts of each process minus the initial ones.
 */
export class RowFreshness {
  readonly #first = new Map<ServiceWorker, Buckets>();
  readonly #last = new Map<ServiceWorker, Buckets>();
  #isFirstLook = true;

  /** Takes in what the upsert writers export now. */
  see(texts: ReadonlyMap<ServiceWorker, string>): void {
    for (const [worker, text] of texts) {
      const buckets = bucketsOf(text);
      if (buckets.size === 0) continue;
      this.#last.set(worker, buckets);
      if (this.#isFirstLook) this.#first.set(worker, buckets);
    }
    this.#isFirstLook = false;
  }

  /** Of the rows since the first look: how many, and within how many seconds a share of them was stored. */
  within(share: number): { readonly rowsCount: number; readonly seconds: number } {
    const counts = new Map<number, number>();
    for (const [worker, buckets] of this.#last) {
      for (const [bound, count] of buckets) {
        const before = this.#first.get(worker)?.get(bound) ?? 0;
        counts.set(bound, (counts.get(bound) ?? 0) + count - before);
      }
    }
    const rowsCount = counts.get(Number.POSITIVE_INFINITY) ?? 0;
    const reached = [...counts].find(([, count]) => count >= rowsCount * share);
    return { rowsCount, seconds: reached?.[0] ?? Number.NaN };
  }
}

function bucketsOf(text: string): Buckets {
  return new Map(
    samplesOf(text, 'upsert_writer_freshness_seconds_bucket').map(({ labels, value }) => [
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
      value,
    ]),
  );
}
