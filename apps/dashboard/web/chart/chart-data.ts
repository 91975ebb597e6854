import type { Correction, PointGroup } from '../../src/contract.ts';
import type { WindowHistory } from '../../src/explore/undo-corrections.ts';
import type { Span } from '../lib/range.ts';

/** The content of a chart. */
export interface ChartData {
  readonly span: Span;
  readonly binMs: number;
  readonly groups: readonly PointGroup[];
  readonly layers: readonly WindowLayer[];
}

/** One aggregate drawn over the points. */
export interface WindowLayer {
  readonly measure: string;
  readonly windows: readonly WindowHistory[];
}

/** The corrections of one window. */
export interface WindowMark {
  readonly startMs: number;
  readonly endMs: number;
  /** Newest first. */
  readonly corrections: readonly Correction[];
}

/**
 * Minimum and maximum between two moments, with some margin; undefined when there are no values.
 */
export function valueRange(
  { groups, layers }: ChartData,
  { fromMs, toMs }: Span,
): readonly [number, number] | undefined {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const { timesMs, mins, maxs } of groups) {
    for (let index = 0; index < timesMs.length; index++) {
      const timeMs = timesMs[index] ?? 0;
      if (timeMs < fromMs || timeMs > toMs) continue;
      least = Math.min(least, mins[index] ?? least);
      greatest = Math.max(greatest, maxs[index] ?? greatest);
    }
  }
  for (const { windows } of layers) {
    for (const { startMs, endMs, mean, firstMean = mean } of windows) {
      if (endMs < fromMs || startMs > toMs) continue;
      least = Math.min(least, mean, firstMean);
      greatest = Math.max(greatest, mean, firstMean);
    }
  }
  if (least > greatest) return undefined;
  const air = (greatest - least) * 0.08 || Math.abs(greatest) * 0.1 || 1;
  return [least - air, greatest + air];
}

/** How long a silence counts as a gap: three times the usual distance between points. */
export function gapMsOf({ timesMs }: PointGroup, binMs: number): number {
  const distances: number[] = [];
  const step = Math.max(1, Math.floor(timesMs.length / 200));
  for (let index = 1; index < timesMs.length; index += step) {
    const distance = (timesMs[index] ?? 0) - (timesMs[index - 1] ?? 0);
    if (distance > 0) distances.push(distance);
  }
  distances.sort((a, b) => a - b);
  const usual = distances[Math.floor(distances.length / 2)] ?? Number.POSITIVE_INFINITY;
  return Math.max(usual * 3, binMs * 2.5);
}

/** Whether the points form a line, with no two at the same time. */
export function isLine({ timesMs }: PointGroup): boolean {
  for (let index = 1; index < timesMs.length; index++) {
    if (timesMs[index] === timesMs[index - 1]) return false;
  }
  return true;
}

/** The index of the point nearest to a moment; -1 when there is none. */
export function nearestIndex(timesMs: readonly number[], timeMs: number): number {
  let low = 0;
  let high = timesMs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  const before = timesMs[low - 1];
  const at = timesMs[low];
  if (at === undefined) return -1;
  return before !== undefined && timeMs - before < at - timeMs ? low - 1 : low;
}

/** Assigns corrections to the windows that they changed. */
export function marksOf(corrections: readonly Correction[]): readonly WindowMark[] {
  const byWindow = new Map<string, WindowMark & { readonly corrections: Correction[] }>();
  for (const each of corrections) {
    const { windowStartMs: startMs, windowEndMs: endMs } = each;
    const key = `${startMs} ${endMs}`;
    const found = byWindow.get(key) ?? { startMs, endMs, corrections: [] };
    byWindow.set(key, found);
    found.corrections.push(each);
  }
  return [...byWindow.values()].toSorted((a, b) => a.startMs - b.startMs);
}
