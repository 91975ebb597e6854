const slotsMin = 64;
/** Beyond this share of used slots, linear probing gets long. */
const loadMax = 0.65;
const empty = -1;

/** The known facts about a stored record. */
export interface StoredVersion {
  readonly version: bigint;
  readonly fingerprint: bigint;
}

/**
 * Versions of the records of one span of event time: a hash table with linear probing in typed
 * arrays, 28 bytes a slot, so that millions of records are neither objects to the garbage collector
 * nor bound by what a `Map` can hold.
 *
 * A key is a series' number and the offset of the record's time within the block, in nanoseconds;
 * a block is short enough for the offset to be an exact number.
 */
export class VersionBlock {
  #size = 0;
  #series = new Int32Array(slotsMin).fill(empty);
  #offset = new Float64Array(slotsMin);
  #version = new BigInt64Array(slotsMin);
  #fingerprint = new BigInt64Array(slotsMin);

  /** What it takes of memory, in slots of 28 bytes. */
  get slots(): number {
    return this.#series.length;
  }

  find(series: number, offsetNs: number): StoredVersion | undefined {
    const slot = this.#slotOf(series, offsetNs);
    if (this.#series[slot] === empty) return undefined;
    const version = this.#version[slot];
    const fingerprint = this.#fingerprint[slot];
    return version === undefined || fingerprint === undefined
      ? undefined
      : { version, fingerprint };
  }

  set(series: number, offsetNs: number, stored: StoredVersion): void {
    let slot = this.#slotOf(series, offsetNs);
    if (this.#series[slot] === empty) {
      if (this.#size + 1 > this.#series.length * loadMax) {
        this.#grow();
        slot = this.#slotOf(series, offsetNs);
      }
      this.#size += 1;
      this.#series[slot] = series;
      this.#offset[slot] = offsetNs;
    }
    this.#version[slot] = stored.version;
    this.#fingerprint[slot] = stored.fingerprint;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(series: number, offsetNs: number): number {
    const mask = this.#series.length - 1;
    let slot = hash(series, offsetNs) & mask;
    for (;;) {
      const there = this.#series[slot];
      if (there === empty || (there === series && this.#offset[slot] === offsetNs)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const [series, offset, version, fingerprint] = [
      this.#series,
      this.#offset,
      this.#version,
      this.#fingerprint,
    ];
    const slots = series.length * 2;
    this.#series = new Int32Array(slots).fill(empty);
    this.#offset = new Float64Array(slots);
    this.#version = new BigInt64Array(slots);
    this.#fingerprint = new BigInt64Array(slots);
    for (let from = 0; from < series.length; from += 1) {
      const key = series[from] ?? empty;
      if (key === empty) continue;
      const to = this.#slotOf(key, offset[from] ?? 0);
      this.#series[to] = key;
      this.#offset[to] = offset[from] ?? 0;
      this.#version[to] = version[from] ?? 0n;
      this.#fingerprint[to] = fingerprint[from] ?? 0n;
    }
  }
}

/** Mixes both halves of the offset and the series; the finaliser is that of MurmurHash3. */
function hash(series: number, offsetNs: number): number {
  const high = (offsetNs / 0x1_0000_0000) | 0;
  const low = (offsetNs - high * 0x1_0000_0000) | 0;
  let mixed = Math.imul(series, 0x9e37_79b1) ^ Math.imul(low, 0x85eb_ca6b) ^ high;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
