import type { Correction, WindowRow } from '../contract.ts';

/** A window with its value before late points changed it. */
export interface WindowHistory extends WindowRow {
  /** The value that was stored when it closed; undefined if nothing changed it. */
  readonly firstMean?: number | undefined;
}

/**
 * Windows as they were at an earlier time, without windows that ended later, and with all later
 * corrections undone. Changes that were not published remain. The band between minimum and maximum
 * is the current one.
 *
 * @param by the dimension that the windows are grouped by
 */
export function asKnownAt(
  windows: readonly WindowRow[],
  corrections: readonly Correction[],
  { atMs, by }: { readonly atMs: number; readonly by: string | undefined },
): readonly WindowRow[] {
  const later = corrections.filter(({ knownAtMs }) => knownAtMs > atMs);
  const undone = undoneByWindow(later, by);
  return windows
    .filter(({ endMs }) => endMs <= atMs)
    .map((window) => ({ ...window, mean: meanBefore(window, undone) ?? window.mean }));
}

/**
 * Windows with their values when they closed.
 *
 * @param newestFirst corrections of these windows; all of them, unless `isTruncated`. In that case,
 * windows whose older corrections may be missing stay unchanged
 */
export function withFirstStored(
  windows: readonly WindowRow[],
  newestFirst: readonly Correction[],
  { by, isTruncated }: { readonly by: string | undefined; readonly isTruncated: boolean },
): readonly WindowHistory[] {
  const completeAfterMs = isTruncated ? (newestFirst.at(-1)?.knownAtMs ?? 0) : 0;
  const undone = undoneByWindow(newestFirst, by);
  return windows.map((window) => {
    const firstMean = window.endMs < completeAfterMs ? undefined : meanBefore(window, undone);
    return firstMean === undefined ? window : { ...window, firstMean };
  });
}

/** How much undoing the corrections changes the sum of each window's rows. */
function undoneByWindow(
  corrections: readonly Correction[],
  by: string | undefined,
): ReadonlyMap<string, number> {
  const undone = new Map<string, number>();
  for (const { dimensions, windowStartMs, windowEndMs, from, to } of corrections) {
    const group = by === undefined ? '' : (dimensions[by] ?? '');
    const key = windowKey({ group, startMs: windowStartMs, endMs: windowEndMs });
    undone.set(key, (undone.get(key) ?? 0) + from - to);
  }
  return undone;
}

function meanBefore(window: WindowRow, undone: ReadonlyMap<string, number>): number | undefined {
  const change = undone.get(windowKey(window));
  return change === undefined ? undefined : window.mean + change / window.rowsCount;
}

function windowKey({
  startMs,
  endMs,
  group,
}: Pick<WindowRow, 'startMs' | 'endMs' | 'group'>): string {
  return `${startMs} ${endMs} ${group}`;
}
