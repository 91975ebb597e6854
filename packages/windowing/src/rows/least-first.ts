/** Gives items back in order, the least first, whenever they were added: a binary heap. */
export class LeastFirst<Item> {
  readonly #isBefore: (a: Item, b: Item) => boolean;
  #items: Item[] = [];

  constructor(isBefore: (a: Item, b: Item) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  get least(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = items[above] as Item;
      if (!this.#isBefore(item, other)) break;
      items[at] = other;
      at = above;
    }
    items[at] = item;
  }

  /** Takes the least away. */
  take(): Item | undefined {
    const items = this.#items;
    const least = items[0];
    const moved = items.pop();
    if (items.length === 0 || moved === undefined) return least;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      const isRight =
        below + 1 < items.length && this.#isBefore(items[below + 1] as Item, items[below] as Item);
      if (isRight) below += 1;
      const other = items[below] as Item;
      if (!this.#isBefore(other, moved)) break;
      items[at] = other;
      at = below;
    }
    items[at] = moved;
    return least;
  }

  clear(): void {
    this.#items = [];
  }
}
