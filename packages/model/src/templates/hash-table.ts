const slotsMin = 1_024;
/** A half-full table has runs of up to about fifty slots by chance, whatever its size. */
export const probesMax = 128;
/**
 * Among a million entries, about a hundred pairs have equal hashes by chance, and no larger groups.
 */
export const equalHashesMax = 4;

/**
 * Finds numbers by 32-bit hashes: open addressing, at most half full, with the hash next to the
 * number, so that a look-up touches one place in memory. Equal hashes may repeat.
 *
 * A sender who knows the hash can choose colliding keys. So a look-up checks at most `probesMax`
 * slots and at most `equalHashesMax` numbers. A number that would need more is not stored.
 */
export class HashTable {
  /** For each slot, a hash and a number plus one; 0 in free slots. */
  #slots = new Int32Array(2 * slotsMin);
  #count = 0;

  /** The first number under a hash that `isIt` accepts; −1 when there is none. */
  find(hash: number, isIt: (id: number) => boolean): number {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    const end = (hash + probesMax) & mask;
    for (let slot = hash & mask; slot !== end; slot = (slot + 1) & mask) {
      const entry = slots[2 * slot + 1] as number;
      if (entry === 0) return -1;
      if (slots[2 * slot] === hash && isIt(entry - 1)) return entry - 1;
    }
    return -1;
  }

  /** @returns false when no slot near the hash is free, so the number will not be found */
  put(hash: number, id: number): boolean {
    if (this.#count * 4 >= this.#slots.length) this.#grow();
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    const end = (hash + probesMax) & mask;
    let equalHashes = 0;
    for (let slot = hash & mask; slot !== end; slot = (slot + 1) & mask) {
      if (slots[2 * slot + 1] === 0) {
        slots[2 * slot] = hash;
        slots[2 * slot + 1] = id + 1;
        this.#count += 1;
        return true;
      }
      if (slots[2 * slot] === hash && ++equalHashes === equalHashesMax) return false;
    }
    return false;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  /**
   * Doubles the slots. Entries move in the order of their run of slots. Each one finds its old slot
   * or a slot nearer to its hash free, so no entry moves out of reach.
   */
  #grow(): void {
    const slots = this.#slots;
    const count = slots.length / 2;
    this.#slots = new Int32Array(slots.length * 2);
    // A run may continue from the last slot to the first. Starting at a free slot splits no run.
    let free = 0;
    while (slots[2 * free + 1] !== 0) free += 1;
    for (let step = 1; step < count; step++) {
      const at = 2 * ((free + step) & (count - 1));
      const entry = slots[at + 1] as number;
      if (entry !== 0) this.#move(slots[at] as number, entry);
    }
  }

  #move(hash: number, entry: number): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = entry;
  }
}
