import type { SeriesDigest } from './series-digest.ts';

const slotsMin = 64;
/** Beyond this share of used slots, linear probing gets long. */
const loadMax = 0.65;
const empty = -1;

/**
 * The numbers of series by their digests: a hash table with linear probing in typed arrays, with 20
 * bytes per slot, because a table may have millions of series, and series of stored windows occur
 * once each.
 */
export class SeriesIndex {
  #size = 0;
  #ids = new Int32Array(slotsMin).fill(empty);
  #digests = new BigInt64Array(slotsMin * 2);

  get size(): number {
    return this.#size;
  }

  find(digest: SeriesDigest): number | undefined {
    const id = this.#ids[this.#slotOf(digest)] ?? empty;
    return id === empty ? undefined : id;
  }

  set(digest: SeriesDigest, id: number): void {
    if (this.#size + 1 > this.#ids.length * loadMax) this.#grow();
    const slot = this.#slotOf(digest);
    if (this.#ids[slot] === empty) this.#size += 1;
    this.#put(slot, digest, id);
  }

  #put(slot: number, { high, low }: SeriesDigest, id: number): void {
    this.#ids[slot] = id;
    this.#digests[slot * 2] = high;
    this.#digests[slot * 2 + 1] = low;
  }

  /** The slot that holds the digest, or the free one where it belongs. */
  #slotOf({ high, low }: SeriesDigest): number {
    const mask = this.#ids.length - 1;
    // A digest's bits are as good as random already.
    let slot = Number(BigInt.asUintN(32, low)) & mask;
    while (this.#ids[slot] !== empty) {
      if (this.#digests[slot * 2] === high && this.#digests[slot * 2 + 1] === low) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [ids, digests] = [this.#ids, this.#digests];
    this.#ids = new Int32Array(ids.length * 2).fill(empty);
    this.#digests = new BigInt64Array(digests.length * 2);
    for (const [from, id] of ids.entries()) {
      if (id === empty) continue;
      const digest = { high: digests[from * 2] ?? 0n, low: digests[from * 2 + 1] ?? 0n };
      this.#put(this.#slotOf(digest), digest, id);
    }
  }
}
