import type { Series } from './points.ts';

/** Pearson's coefficient of as many values each; NaN when one side does not vary. */
export function pearson(xs: Float64Array, ys: Float64Array): number {
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [both, squaresX, squaresY] = [0, 0, 0];
  for (let at = 0; at < xs.length; at += 1) {
    const [dx, dy] = [(xs[at] ?? 0) - meanX, (ys[at] ?? 0) - meanY];
    both += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return both / Math.sqrt(squaresX * squaresY);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Spearman's: Pearson's of the ranks; equal values share the mean of their ranks. */
export function spearman(xs: Float64Array, ys: Float64Array): number {
  return pearson(ranks(xs), ranks(ys));
}

function ranks(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  const ranksOfSorted = new Float64Array(sorted.length);
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (sorted[to + 1] === sorted[from]) to += 1;
    ranksOfSorted.fill((from + to) / 2 + 1, from, to + 1);
    from = to + 1;
  }
  return values.map((value) =>
    Number.isNaN(value) ? value : (ranksOfSorted[firstAtLeast(sorted, value)] ?? 0),
  );
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether two series have the same times. */
export function isAligned(a: Series, b: Series): boolean {
  if (a.times.length !== b.times.length) return false;
  for (let at = 0; at < a.times.length; at += 1) {
    if (!a.times.isSame(at, b.times, at)) return false;
  }
  return true;
}
