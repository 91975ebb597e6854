const slotsMin = 1_024;
const empty = 0;

/** Finds numbers by 32-bit hashes: open addressing, at most half full. Equal hashes may repeat. */
export class TemplateTable {
  #slots = new Int32Array(slotsMin);
  #hashes = new Int32Array(slotsMin);
  #count = 0;

  /** The numbers that were put under a hash, each once. Stops at the first that `isIt` takes. */
  find(hash: number, isIt: (id: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] as number;
      if (entry === empty) return -1;
      if (this.#hashes[slot] === hash && isIt(entry - 1)) return entry - 1;
    }
  }

  put(hash: number, id: number): void {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    this.#place(hash, id + 1);
    this.#count += 1;
  }

  clear(): void {
    this.#slots.fill(empty);
    this.#count = 0;
  }

  #place(hash: number, entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== empty) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    this.#slots = new Int32Array(slots.length * 2);
    this.#hashes = new Int32Array(slots.length * 2);
    for (const [slot, entry] of slots.entries()) {
      if (entry !== empty) this.#place(hashes[slot] as number, entry);
    }
  }
}
