interface TypedArray<T> {
  readonly length: number;
  set(items: T, offset: number): void;
  subarray(from: number, to: number): T;
}

/** A typed array that doubles when it is full. */
export class Growing<T extends TypedArray<T>> {
  readonly #make: (length: number) => T;
  #items: T;
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#items = make(2048);
  }

  append(items: T): void {
    const length = this.#length + items.length;
    if (length > this.#items.length) {
      const wider = this.#make(Math.max(length, this.#items.length * 2));
      wider.set(this.all(), 0);
      this.#items = wider;
    }
    this.#items.set(items, this.#length);
    this.#length = length;
  }

  /** The appended items, without a copy. */
  all(): T {
    return this.#items.subarray(0, this.#length);
  }
}
