const wordsCount = 624;
const middle = 397;

/**
 * The random numbers that Python's `random.Random` draws: the Mersenne Twister MT19937.
 *
 * The original generator made its fleet with `random.Random(12345)`: instance names, and which
 * hosts are busy. The same numbers give the same fleet, so queries written for it find their hosts.
 *
 * @see Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998
 */
export class PythonRandom {
  readonly #words = new Uint32Array(wordsCount);
  #used = wordsCount;

  /**
   * @param key 32-bit words of the seed, the lowest first: `[12345]` is `random.Random(12345)`, and
   *   `[12345, n]` an independent one for each n
   */
  constructor(key: readonly number[]) {
    seed(this.#words, key);
  }

  /** A number in [0, 1), with 53 random bits: `random()`. */
  uniform(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }

  /** A whole number in [0, `limit`): `randrange(limit)`. */
  below(limit: number): number {
    const shift = Math.clz32(limit);
    for (;;) {
      const drawn = this.word() >>> shift;
      if (drawn < limit) return drawn;
    }
  }

  /** Puts items into a random order, in place: `shuffle(items)`. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }

  /** 32 random bits. */
  word(): number {
    if (this.#used === wordsCount) {
      twist(this.#words);
      this.#used = 0;
    }
    let bits = this.#words[this.#used++] as number;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }
}

function seed(words: Uint32Array, key: readonly number[]): void {
  const at = (i: number) => words[i] as number;
  const mixed = (i: number) => at(i - 1) ^ (at(i - 1) >>> 30);
  words[0] = 19650218;
  for (let i = 1; i < wordsCount; i++) words[i] = Math.imul(mixed(i), 1812433253) + i;
  let i = 1;
  const advance = () => {
    if (++i < wordsCount) return;
    words[0] = at(wordsCount - 1);
    i = 1;
  };
  for (let k = 0; k < Math.max(wordsCount, key.length); k++) {
    const j = k % key.length;
    words[i] = (at(i) ^ Math.imul(mixed(i), 1664525)) + (key[j] as number) + j;
    advance();
  }
  for (let k = 1; k < wordsCount; k++) {
    words[i] = (at(i) ^ Math.imul(mixed(i), 1566083941)) - i;
    advance();
  }
  words[0] = 0x80000000;
}

function twist(words: Uint32Array): void {
  for (let i = 0; i < wordsCount; i++) {
    const next = words[(i + 1) % wordsCount] as number;
    const bits = ((words[i] as number) & 0x80000000) | (next & 0x7fffffff);
    const other = words[(i + middle) % wordsCount] as number;
    words[i] = other ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
  }
}
