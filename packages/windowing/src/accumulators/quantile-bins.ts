import { DDSketch } from '@datadog/sketches-js';
import type { AccumulatedPoint, ListState, PointsOfState } from './component.ts';

/** A percentile is off by at most this part of itself. */
export const percentileAccuracy = 0.01;

/** Bins of one sign: values that are 10^35 times smaller than the largest share the lowest bin. */
const binsMax = 4_096;

const { mapping } = new DDSketch({ relativeAccuracy: percentileAccuracy });

/**
 * Counts of values by logarithmic bins (DDSketch): a bin holds the values that are within 1 % of each
 * other. Merging adds counts, so it is exactly associative and commutative, and a replay gives the
 * same bits. 16 bytes and a map entry for each bin that is used.
 *
 * @see C. Masson, J. E. Rim, H. K. Lee, "DDSketch", PVLDB 12(12), 2019
 */
export class QuantileBins implements ListState {
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();
  #zeros = 0;
  #count = 0;

  /** Whether points can result in a state that `encode` returned. */
  static isPossible(encoded: readonly number[], { contributions }: PointsOfState): boolean {
    const [zeros = -1, positiveBins = -1] = encoded;
    const binsCount = (encoded.length - 2) / 2;
    const isWithin = (count: number, max: number) =>
      Number.isInteger(count) && count >= 0 && count <= max;
    if (!Number.isInteger(binsCount) || !isWithin(positiveBins, binsCount)) return false;
    if (!isWithin(zeros, contributions)) return false;
    let count = zeros;
    for (let at = 2; at < encoded.length; at += 2) {
      const ofBin = encoded[at + 1] ?? 0;
      if (!Number.isInteger(encoded[at]) || ofBin < 1 || !isWithin(ofBin, contributions))
        return false;
      count += ofBin;
    }
    return count === contributions;
  }

  add({ value }: AccumulatedPoint): void {
    this.#count += 1;
    if (Math.abs(value) < mapping.minPossible) this.#zeros += 1;
    else if (value > 0) addTo(this.#positive, mapping.key(value), 1);
    else addTo(this.#negative, mapping.key(-value), 1);
  }

  merge(from: readonly number[]): void {
    const [zeros = 0, positiveBins = 0] = from;
    this.#zeros += zeros;
    this.#count += zeros;
    for (let at = 2; at + 2 <= from.length; at += 2) {
      const [key = 0, count = 0] = from.slice(at, at + 2);
      addTo((at - 2) / 2 < positiveBins ? this.#positive : this.#negative, key, count);
      this.#count += count;
    }
  }

  encode(): number[] {
    const positive = inOrder(this.#positive);
    const negative = inOrder(this.#negative);
    return [this.#zeros, positive.length, ...positive.flat(), ...negative.flat()];
  }

  /** The value below which a part of the values lies, 0 to 1; undefined when there are none. */
  quantile(part: number): number | undefined {
    const rank = Math.floor(part * (this.#count - 1));
    let seen = 0;
    for (const [key, count] of inOrder(this.#negative).toReversed()) {
      seen += count;
      if (seen > rank) return -mapping.value(key);
    }
    seen += this.#zeros;
    if (seen > rank) return 0;
    for (const [key, count] of inOrder(this.#positive)) {
      seen += count;
      if (seen > rank) return mapping.value(key);
    }
    return undefined;
  }
}

function addTo(bins: Map<number, number>, key: number, count: number): void {
  bins.set(key, (bins.get(key) ?? 0) + count);
}

/**
 * The bins from the lowest key, those far below the highest collapsed into one. Collapsing is done
 * when bins are read, so that it does not depend on the order in which they came.
 */
function inOrder(bins: ReadonlyMap<number, number>): (readonly [number, number])[] {
  const sorted = [...bins].toSorted(([a], [b]) => a - b);
  const lowest = (sorted.at(-1)?.[0] ?? 0) - binsMax + 1;
  const collapsed = sorted
    .filter(([key]) => key < lowest)
    .reduce((sum, [, count]) => sum + count, 0);
  const kept = sorted.filter(([key]) => key >= lowest);
  if (collapsed === 0) return kept;
  const [first, ...others] = kept;
  return first?.[0] === lowest
    ? [[lowest, first[1] + collapsed], ...others]
    : [[lowest, collapsed], ...kept];
}
