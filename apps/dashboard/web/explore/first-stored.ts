import type { Correction, WindowRow } from '../../src/contract.ts';
import type { DrawnWindow } from '../chart/chart-data.ts';

/**
 * Windows with what they said when they closed, before late points changed them.
 *
 * @param corrections newest first, and all of them unless `isTruncated`: windows whose older corrections
 *   may be missing are left as they are
 */
export function withFirstStored(
  windows: readonly WindowRow[],
  corrections: readonly Correction[],
  {
    measure,
    by,
    isTruncated,
  }: {
    readonly measure: string;
    readonly by: string | undefined;
    readonly isTruncated: boolean;
  },
): readonly DrawnWindow[] {
  const own = corrections.filter((each) => each.measure === measure);
  const completeAfterMs = isTruncated ? (corrections.at(-1)?.knownAtMs ?? 0) : 0;
  const undoneByWindow = new Map<string, number>();
  for (const { dimensions, windowStartMs, windowEndMs, from, to } of own) {
    const group = by === undefined ? '' : (dimensions[by] ?? '');
    const key = `${windowStartMs} ${windowEndMs} ${group}`;
    undoneByWindow.set(key, (undoneByWindow.get(key) ?? 0) + from - to);
  }
  return windows.map((window) => {
    const { startMs, endMs, group, mean, rowsCount } = window;
    const undone = undoneByWindow.get(`${startMs} ${endMs} ${group}`);
    if (undone === undefined || endMs < completeAfterMs) return window;
    return { ...window, firstMean: mean + undone / rowsCount };
  });
}
