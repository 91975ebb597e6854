import type { RowReader } from '@highwater/model';
import type { WindowsReply, WindowsRequest } from '../contract.ts';
import { asKnownAt } from './undo-corrections.ts';

/** More windows than fit in a chart. */
const windowsMax = 4_000;

const correctionsMax = 2_000;

/** The windows of a view's measure that overlap a range, with the averages of their rows. */
export async function readWindows(
  reader: RowReader,
  { asKnownAtMs, ...choice }: WindowsRequest,
  signal: AbortSignal,
): Promise<WindowsReply> {
  const found = await reader.windows(choice, { rowsMax: windowsMax, signal });
  const { isTruncated, elapsedMs } = found;
  const windows = found.items.map(({ filledCount, ...window }) => ({
    ...window,
    isFilled: filledCount >= window.rowsCount,
  }));
  if (asKnownAtMs === undefined) return { windows, isTruncated, elapsedMs };
  const { measure, by, ...range } = choice;
  const known = await reader.corrections(
    { ...range, measures: [measure], order: 'window' },
    { rowsMax: correctionsMax, signal },
  );
  return {
    windows: asKnownAt(windows, known?.items ?? [], { atMs: asKnownAtMs, by }),
    isTruncated: isTruncated || (known?.isTruncated ?? false),
    elapsedMs,
  };
}
