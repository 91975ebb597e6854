import { SeriesCounts } from './series-counts.ts';

const bucketsMin = 64;
/** With a bucket for each number, chance makes chains of some ten at most, however many there are. */
export const chainMax = 32;

/**
 * Finds numbers, 0 or more, by 32-bit hashes: a chain of numbers for each bucket. Equal hashes may
 * repeat. A sender who knows the hash can choose keys that share a bucket, so no chain is longer than
 * `chainMax`: a number that would make it longer is not stored.
 */
export class HashChains {
  /** For each bucket its last number, plus one; 0 where there is none. */
  #last = new Int32Array(bucketsMin);
  readonly #hashes = new SeriesCounts();
  /** For each number, the one before it in its chain, plus one; 0 for none. */
  readonly #before = new SeriesCounts();
  #count = 0;

  /** The number under a hash that `isIt` takes; −1 when there is none. */
  find(hash: number, isIt: (id: number) => boolean): number {
    let id = this.#lastOf(hash);
    while (id >= 0 && !(this.#hashes.get(id) === hash && isIt(id))) id = this.#before.get(id) - 1;
    return id;
  }

  /** @returns false when the chain is full: the number will not be found */
  put(hash: number, id: number): boolean {
    if (this.#count >= this.#last.length) this.#grow();
    let length = 0;
    for (let at = this.#lastOf(hash); at >= 0; at = this.#before.get(at) - 1) length += 1;
    if (length >= chainMax) return false;
    this.#hashes.set(id, hash);
    this.#link(hash, id);
    this.#count += 1;
    return true;
  }

  /** @returns false when the number was not put */
  remove(id: number): boolean {
    const hash = this.#hashes.get(id);
    let after = -1;
    let at = this.#lastOf(hash);
    while (at >= 0 && at !== id) {
      after = at;
      at = this.#before.get(at) - 1;
    }
    if (at < 0) return false;
    const before = this.#before.get(id);
    if (after < 0) this.#last[bucketOf(hash, this.#last.length)] = before;
    else this.#before.set(after, before);
    this.#count -= 1;
    return true;
  }

  #lastOf(hash: number): number {
    return (this.#last[bucketOf(hash, this.#last.length)] as number) - 1;
  }

  #link(hash: number, id: number): void {
    const bucket = bucketOf(hash, this.#last.length);
    this.#before.set(id, this.#last[bucket] as number);
    this.#last[bucket] = id + 1;
  }

  /** Twice as many buckets: every chain is divided, none gets longer. */
  #grow(): void {
    const buckets = this.#last;
    this.#last = new Int32Array(buckets.length * 2);
    for (const last of buckets) {
      let at = last - 1;
      while (at >= 0) {
        const before = this.#before.get(at) - 1;
        this.#link(this.#hashes.get(at), at);
        at = before;
      }
    }
  }
}

/** Low bits of the hash, mixed, because those bits are distributed badly for short texts. */
export function bucketOf(hash: number, bucketsCount: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  return (mixed ^ (mixed >>> 15)) & (bucketsCount - 1);
}
