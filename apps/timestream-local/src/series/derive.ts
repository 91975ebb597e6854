import type { Points, Series } from './points.ts';

/**
 * The change from each point to the next, per interval, at the time of the later one. The first point
 * has none before it and is left out.
 */
export function derivative({ times, values }: Series, intervalNs: bigint): Points {
  const interval = Number(intervalNs);
  const derived = new Float64Array(Math.max(0, times.length - 1));
  for (let at = 1; at < times.length; at += 1) {
    const change = (values[at] ?? 0) - (values[at - 1] ?? 0);
    derived[at - 1] = (change / times.since(at, times, at - 1)) * interval;
  }
  return { timesNs: times.ns.subarray(1), values: derived };
}

/** The same without the points at which the values fall. */
export function nonNegativeDerivative(series: Series, intervalNs: bigint): Points {
  const { timesNs, values } = derivative(series, intervalNs);
  const isKept = (at: number) => (values[at] ?? 0) >= 0;
  return {
    timesNs: timesNs.filter((_, at) => isKept(at)),
    values: values.filter((_, at) => isKept(at)),
  };
}

/** The area under the straight lines between the points, with time counted in intervals. */
export function integral({ times, values }: Series, intervalNs: bigint): number {
  const interval = Number(intervalNs);
  let sum = 0;
  for (let at = 1; at < times.length; at += 1) {
    const mean = ((values[at - 1] ?? 0) + (values[at] ?? 0)) / 2;
    sum += mean * (times.since(at, times, at - 1) / interval);
  }
  return sum;
}
