const slotsMin = 1_024;

/**
 * Finds numbers by 32-bit hashes: open addressing, at most half full, the hash beside the number so
 * that a look-up is one place in memory. Equal hashes may repeat.
 */
export class HashTable {
  /** For each slot a hash, and a number plus one; 0 where there is none. */
  #slots = new Int32Array(2 * slotsMin);
  #count = 0;

  /** The first number under a hash that `isIt` takes; −1 when there is none. */
  find(hash: number, isIt: (id: number) => boolean): number {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[2 * slot + 1] as number;
      if (entry === 0) return -1;
      if (slots[2 * slot] === hash && isIt(entry - 1)) return entry - 1;
    }
  }

  put(hash: number, id: number): void {
    if (this.#count * 4 >= this.#slots.length) this.#grow();
    this.#place(hash, id + 1);
    this.#count += 1;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  #place(hash: number, entry: number): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = entry;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2) {
      const entry = slots[at + 1] as number;
      if (entry !== 0) this.#place(slots[at] as number, entry);
    }
  }
}
