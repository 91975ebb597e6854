import assert from 'node:assert/strict';
import type { Series } from '@highwater/model';
import { SeriesCounts } from './series-counts.ts';
import { SharedDimensions } from './shared-dimensions.ts';

/**
 * Gives every series that open windows hold a small number, and takes it back when none holds it any
 * more, so that its size follows the open state. Series are found by a hash and compared in full;
 * there is no text of a series as a key, which would take more memory than the rest of it.
 */
export class SeriesDictionary {
  /** By hash, the last number with it. */
  readonly #byHash = new Map<number, number>();
  readonly #hashes = new SeriesCounts();
  /** For each number, the one before with the same hash, plus one; 0 for none. */
  readonly #others = new SeriesCounts();
  readonly #series: (Series | undefined)[] = [];
  readonly #holders = new SeriesCounts();
  /** How often each number was given back. */
  readonly #generations = new SeriesCounts();
  readonly #free: number[] = [];
  readonly #dimensions = new SharedDimensions();

  get size(): number {
    return this.#series.length - this.#free.length;
  }

  /** The number of a series, 0 or more. New ones have no holder until `hold` is called. */
  intern(series: Series): number {
    const hash = hashOf(series);
    const last = this.#byHash.get(hash) ?? -1;
    for (let id = last; id >= 0; id = this.#others.get(id) - 1) {
      if (isSame(this.get(id), series)) return id;
    }
    const id = this.#free.pop() ?? this.#series.length;
    this.#byHash.set(hash, id);
    this.#hashes.set(id, hash);
    this.#others.set(id, last + 1);
    this.#series[id] = this.#dimensions.share(series);
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

  /** While it is the same, a number stands for the same series. */
  generationOf(id: number): number {
    return this.#generations.get(id);
  }

  hold(id: number): void {
    this.#holders.set(id, this.#holders.get(id) + 1);
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
    this.#unlink(id);
    this.#series[id] = undefined;
    this.#generations.set(id, this.#generations.get(id) + 1);
    this.#free.push(id);
  }

  #unlink(id: number): void {
    const hash = this.#hashes.get(id);
    const before = this.#others.get(id);
    const last = this.#byHash.get(hash) ?? -1;
    if (last === id) {
      if (before === 0) this.#byHash.delete(hash);
      else this.#byHash.set(hash, before - 1);
      return;
    }
    let at = last;
    while (this.#others.get(at) - 1 !== id) at = this.#others.get(at) - 1;
    this.#others.set(at, before);
  }
}

/** Of the texts in which series of one fleet differ: their measures and values. */
function hashOf({ measureName, dimensions }: Series): number {
  let hash = hashText(dimensions.length, measureName);
  for (const { value } of dimensions) hash = hashText(hash, value);
  return hash;
}

function hashText(seed: number, text: string): number {
  let hash = Math.imul(seed ^ text.length, 0x85ebca6b);
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function isSame(a: Series, b: Series): boolean {
  if (a.measureName !== b.measureName || a.measureValueType !== b.measureValueType) return false;
  if (a.dimensions.length !== b.dimensions.length) return false;
  for (let at = 0; at < a.dimensions.length; at++) {
    const [own, other] = [a.dimensions[at], b.dimensions[at]];
    if (own === other) continue;
    if (own?.value !== other?.value || own?.name !== other?.name) return false;
  }
  return true;
}
