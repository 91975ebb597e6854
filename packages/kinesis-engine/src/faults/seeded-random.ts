import assert from 'node:assert/strict';

/**
 * Random numbers from a seed: the same seed gives the same numbers on every machine.
 *
 * xoshiro128** (Blackman and Vigna, 2018), its state filled from a hash of the seed.
 */
export class SeededRandom {
  readonly seed: string;
  #state: State;

  constructor(seed: string | number) {
    this.seed = String(seed);
    this.#state = stateOf(this.seed);
  }

  /**
   * A separate generator for one part of a simulation. It depends on the seed and the name, not on
   * earlier draws, so an additional draw in one part does not change the others.
   */
  fork(name: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${name}`);
  }

  /** A number in [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.#next() >>> 5) * 2 ** 26 + (this.#next() >>> 6)) / 2 ** 53;
  }

  /** An integer from `min` to `max`, both inclusive. */
  int(min: number, max: number): number {
    assert(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max, `${min}..${max}`);
    return min + Math.floor(this.uniform() * (max - min + 1));
  }

  /** True in a share of the calls, from 0 (never) to 1 (always). Draws even when the share is 0. */
  chance(share: number): boolean {
    return this.uniform() < share;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'picking from nothing');
    return items[this.int(0, items.length - 1)] as T;
  }

  /** The items in random order; does not change the argument. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const j = this.int(0, i);
      const moved = shuffled[i] as T;
      shuffled[i] = shuffled[j] as T;
      shuffled[j] = moved;
    }
    return shuffled;
  }

  #next(): number {
    let [s0, s1, s2, s3] = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    this.#state = [s0, s1, s2, s3];
    return result;
  }
}

function rotateLeft(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

type State = readonly [number, number, number, number];

/** FNV-1a over the text, then splitmix32: similar seeds start far apart. */
function stateOf(seed: string): State {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  }
  const next = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [next(), next(), next(), next()];
}
