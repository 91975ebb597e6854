import type { Point } from './points.ts';

/** Pearson's coefficient of two series; NaN when one does not vary. */
export function pearson(xs: readonly number[], ys: readonly number[]): number {
  const count = xs.length;
  const meanX = xs.reduce((sum, x) => sum + x, 0) / count;
  const meanY = ys.reduce((sum, y) => sum + y, 0) / count;
  let [both, squaresX, squaresY] = [0, 0, 0];
  for (const [at, x] of xs.entries()) {
    const [dx, dy] = [x - meanX, (ys[at] ?? 0) - meanY];
    both += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return both / Math.sqrt(squaresX * squaresY);
}

/** Spearman's: Pearson's of the ranks; equal values share the mean of their ranks. */
export function spearman(xs: readonly number[], ys: readonly number[]): number {
  return pearson(ranks(xs), ranks(ys));
}

function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((value, at) => ({ value, at })).toSorted((a, b) => a.value - b.value);
  const result = Array.from(values, () => 0);
  let from = 0;
  while (from < order.length) {
    let to = from;
    while (order[to + 1]?.value === order[from]?.value) to += 1;
    for (const { at } of order.slice(from, to + 1)) result[at] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return result;
}

/**
 * The values of two series with the same times.
 *
 * @returns undefined when the times differ
 */
export function aligned(
  a: readonly Point[],
  b: readonly Point[],
): readonly [xs: readonly number[], ys: readonly number[]] | undefined {
  const isSame = a.length === b.length && a.every(({ timeNs }, at) => timeNs === b[at]?.timeNs);
  if (!isSame) return undefined;
  return [a.map(({ value }) => value), b.map(({ value }) => value)];
}
