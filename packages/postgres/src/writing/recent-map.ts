import assert from 'node:assert/strict';

/**
 * What was used last, up to some weight: two maps, of which the older one is forgotten when the newer
 * one is full.
 */
export class RecentMap<Value> {
  readonly #weightMax: number;
  #newer = new Map<string, Value>();
  #older = new Map<string, Value>();
  #weight = 0;

  /** @param weightMax in characters of keys, of each of the two maps */
  constructor(weightMax: number) {
    assert(weightMax >= 1, `weightMax=${weightMax}`);
    this.#weightMax = weightMax;
  }

  get(key: string): Value | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const old = this.#older.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    if (!this.#newer.has(key)) this.#weight += key.length + keyWeight;
    this.#newer.set(key, value);
    if (this.#weight <= this.#weightMax) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#weight = 0;
  }
}

/** What an entry takes besides its key, about. */
const keyWeight = 100;
