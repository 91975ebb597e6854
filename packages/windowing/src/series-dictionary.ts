import assert from 'node:assert/strict';
import { seriesKey, type Series } from '@highwater/model';
import { SharedDimensions } from './shared-dimensions.ts';

/**
 * Gives every series that open windows hold a small number, and takes it back when none holds it any
 * more, so that its size follows the open state.
 */
export class SeriesDictionary {
  readonly #ids = new Map<string, number>();
  readonly #series: (Series | undefined)[] = [];
  readonly #keys: string[] = [];
  readonly #holders: number[] = [];
  readonly #free: number[] = [];
  readonly #dimensions = new SharedDimensions();

  get size(): number {
    return this.#ids.size;
  }

  /** The number of a series, 0 or more. New ones have no holder until `hold` is called. */
  intern(series: Series): number {
    const key = seriesKey(series);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#series.length;
    this.#ids.set(key, id);
    this.#series[id] = this.#dimensions.share(series);
    this.#keys[id] = key;
    this.#holders[id] = 0;
    return id;
  }

  /** The same series, in little memory, for whoever keeps it. */
  share(series: Series): Series {
    return this.#dimensions.share(series);
  }

  /** The series as it was first interned: the same object until it is forgotten. */
  get(id: number): Series {
    const series = this.#series[id];
    assert(series, `series ${id} is in the dictionary`);
    return series;
  }

  /** Whether a number still stands for the very object that `get` gave for it. */
  isStill(id: number, series: Series): boolean {
    return this.#series[id] === series;
  }

  hold(id: number): void {
    this.#holders[id] = (this.#holders[id] ?? 0) + 1;
  }

  release(id: number): void {
    const holders = (this.#holders[id] ?? 0) - 1;
    assert(holders >= 0, `series ${id} is released as often as it was held`);
    this.#holders[id] = holders;
    if (holders === 0) this.#forget(id);
  }

  /** Forgets a series that was interned for a point that no window took. */
  releaseUnheld(id: number): void {
    if (this.#holders[id] === 0) this.#forget(id);
  }

  #forget(id: number): void {
    this.#ids.delete(this.#keys[id] ?? '');
    this.#series[id] = undefined;
    this.#keys[id] = '';
    this.#free.push(id);
  }
}
