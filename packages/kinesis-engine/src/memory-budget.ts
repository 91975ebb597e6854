/** Something that can give its memory back, because its content is in a file. */
export interface Evictable {
  readonly bytesCount: number;
  evict(): void;
}

/**
 * How much memory the records of all shards may take together.
 *
 * What is also in a file makes room for others, the least recently used first; what is only in memory
 * stays, and what does not fit is refused.
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

  /** Takes memory, or answers false when there is no room. */
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

  /** Takes memory even beyond the bound: for what must be read to be served at all. */
  takeAnyway(bytes: number): void {
    if (!this.take(bytes)) this.#heldBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** Says that this may be evicted, and was used just now. */
  touch(evictable: Evictable): void {
    this.#evictable.delete(evictable);
    this.#evictable.add(evictable);
  }

  /** Says that this is gone; what it held has been given back. */
  forget(evictable: Evictable): void {
    this.#evictable.delete(evictable);
  }
}
