/** Something that can free its memory, because its content is in a file. */
export interface Evictable {
  readonly bytesCount: number;
  evict(): void;
}

/**
 * Limits the memory for the records of all shards together.
 *
 * Records that are also in a file are evicted to free space, the least recently used first. Records
 * that are only in memory stay, and new ones that do not fit are rejected.
 */
export class MemoryBudget {
  readonly bytesMax: number;
  #heldBytes = 0;
  /** In the order of their last use. */
  readonly #evictable = new Set<Evictable>();

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Reserves memory, or returns false when there is not enough. */
  take(bytes: number): boolean {
    for (const oldest of this.#evictable) {
      if (this.#heldBytes + bytes <= this.bytesMax) break;
      this.#evictable.delete(oldest);
      this.#heldBytes -= oldest.bytesCount;
      oldest.evict();
    }
    if (this.#heldBytes + bytes > this.bytesMax) return false;
    this.#heldBytes += bytes;
    return true;
  }

  /** Reserves memory even beyond the limit, for bytes that must be read to answer at all. */
  takeAnyway(bytes: number): void {
    if (!this.take(bytes)) this.#heldBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** Marks this as evictable and just used. */
  touch(evictable: Evictable): void {
    this.#evictable.delete(evictable);
    this.#evictable.add(evictable);
  }

  /** Removes this, after its memory has been freed. */
  forget(evictable: Evictable): void {
    this.#evictable.delete(evictable);
  }
}
