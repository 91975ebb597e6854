import assert from 'node:assert/strict';
import { hashSeries, isSameSeries, seriesKey, type Series } from '@highwater/model';
import { HashChains } from './hash-chains.ts';
import { SeriesCounts } from './series-counts.ts';
import { SharedDimensions } from './shared-dimensions.ts';

/**
 * Gives every series that open windows hold a small number, and takes it back when none holds it any
 * more, so that its size follows the open state. Series are found by a hash and compared in full;
 * there is no text of a series as a key, which would take more memory than the rest of it. Only the
 * series that too many others collide with, which somebody has made for that, are found by their text.
 */
export class SeriesDictionary {
  readonly #chains = new HashChains();
  /**
   * By `seriesKey`: series that the chains did not accept. The hashes of texts in a `Map` are
   * seeded.
   */
  readonly #crowded = new Map<string, number>();
  readonly #series: (Series | undefined)[] = [];
  readonly #holders = new SeriesCounts();
  /** Of the holders, those whose windows still take points. */
  readonly #open = new SeriesCounts();
  #openCount = 0;
  #openHolds = 0;
  /** How often each number was given back. */
  readonly #generations = new SeriesCounts();
  readonly #free: number[] = [];
  readonly #dimensions = new SharedDimensions();

  get size(): number {
    return this.#series.length - this.#free.length;
  }

  /**
   * How many series windows hold that still take points. A function of the points alone, unlike
   * `size`, which follows when rows are emitted.
   */
  get openCount(): number {
    return this.#openCount;
  }

  /** How often series are held by windows that still accept points: once for each of their rows. */
  get openHolds(): number {
    return this.#openHolds;
  }

  isOpen(id: number): boolean {
    return this.#open.get(id) > 0;
  }

  /** The number of a series, 0 or more. New ones have no holder until `hold` is called. */
  intern(series: Series): number {
    const hash = hashSeries(series);
    const known = this.#chains.find(hash, (id) => isSameSeries(this.get(id), series));
    if (known >= 0) return known;
    const crowded = this.#crowded.size > 0 ? this.#crowded.get(seriesKey(series)) : undefined;
    if (crowded !== undefined) return crowded;
    const id = this.#free.pop() ?? this.#series.length;
    if (!this.#chains.put(hash, id)) this.#crowded.set(seriesKey(series), id);
    this.#series[id] = this.#dimensions.share(series);
    return id;
  }

  /** The same series in less memory, for long-term use. */
  share(series: Series): Series {
    return this.#dimensions.share(series);
  }

  /** The series as it was first interned: the same object until it is forgotten. */
  get(id: number): Series {
    const series = this.#series[id];
    assert(series, `series ${id} is in the dictionary`);
    return series;
  }

  /** While it stays the same, a number represents the same series. */
  generationOf(id: number): number {
    return this.#generations.get(id);
  }

  hold(id: number): void {
    this.#holders.set(id, this.#holders.get(id) + 1);
    const open = this.#open.get(id);
    this.#open.set(id, open + 1);
    this.#openHolds += 1;
    if (open === 0) this.#openCount += 1;
  }

  /** No window takes points any more for which these series were held; `release` follows for each. */
  endHolds(ids: Int32Array): void {
    this.#openHolds -= ids.length;
    for (const id of ids) {
      const open = this.#open.get(id) - 1;
      this.#open.set(id, open);
      if (open === 0) this.#openCount -= 1;
    }
  }

  release(id: number): void {
    const holders = this.#holders.get(id) - 1;
    assert(holders >= 0, `series ${id} is released as often as it was held`);
    this.#holders.set(id, holders);
    if (holders === 0) this.#forget(id);
  }

  /** Forgets a series that was interned for a point that no window took. */
  releaseUnheld(id: number): void {
    if (this.#series[id] && this.#holders.get(id) === 0) this.#forget(id);
  }

  #forget(id: number): void {
    const series = this.get(id);
    if (!this.#chains.remove(id)) this.#crowded.delete(seriesKey(series));
    this.#series[id] = undefined;
    this.#generations.set(id, this.#generations.get(id) + 1);
    this.#free.push(id);
  }
}
