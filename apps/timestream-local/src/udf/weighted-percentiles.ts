import { Times } from '../series/times.ts';
import type { Points } from '../series/points.ts';
import type { Doubles } from './values.ts';

const zero = new Times(new BigInt64Array(1));

/**
 * For each share, the lowest value that, together with all lower ones, has that share of the total
 * weight. Values and shares are each sorted once, and then read in one pass.
 *
 * @param pairs weights in place of times, and values; pairs with a NULL do not count
 */
export function weightedPercentiles(
  { timesNs, timeNulls, values, valueNulls }: Points,
  shares: Doubles,
): Doubles {
  const order = positions(values.length, (at) => !timeNulls?.[at] && !valueNulls?.[at], values);
  const weights = new Times(timesNs);
  let whole = 0;
  for (const at of order) {
    const weight = weights.since(at, zero, 0);
    if (weight <= 0) throw new Error('percentile weight must be > 0');
    whole += weight;
  }
  const found = new Float64Array(shares.values.length);
  const nulls = new Uint8Array(found.length).fill(1);
  let [next, reached] = [-1, 0];
  for (const share of positions(found.length, (at) => !shares.nulls?.[at], shares.values)) {
    // A hundredth is not exact as a double: 0.07 of 100 is slightly more than 7.
    const least = (shares.values[share] ?? 0) * whole * (1 - 4 * Number.EPSILON);
    while (next + 1 < order.length && (next === -1 || reached < least)) {
      next += 1;
      reached += weights.since(order[next] ?? 0, zero, 0);
    }
    if (next === -1) break;
    found[share] = values[order[next] ?? 0] ?? 0;
    nulls[share] = 0;
  }
  return { values: found, nulls };
}

/** The positions that count, in the order of their values, which DuckDB mostly provides. */
function positions(
  count: number,
  isCounted: (at: number) => boolean,
  values: Float64Array,
): Uint32Array {
  const kept = new Uint32Array(count);
  let length = 0;
  let isSorted = true;
  for (let at = 0; at < count; at += 1) {
    if (!isCounted(at)) continue;
    isSorted &&= length === 0 || (values[kept[length - 1] ?? 0] ?? 0) <= (values[at] ?? 0);
    kept[length] = at;
    length += 1;
  }
  const all = kept.subarray(0, length);
  return isSorted ? all : all.toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}
