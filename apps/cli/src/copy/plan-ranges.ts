import type { StoreTable, TimeSpan } from '@highwater/model';

/** Rows of one table in a span of time that are copied and counted together. */
export interface CopyRange extends TimeSpan {
  readonly table: StoreTable;
}

/** A span with more ranges is refused: each range costs several queries. */
export const rangesMax = 100_000;

/**
 * Divides a span into ranges, oldest first: the oldest rows are the next that the source may drop, and
 * the copy ends where the services continue.
 *
 * Ranges begin at multiples of `chunkMs` since the epoch, so that another run with another end has the
 * same ranges. Only the first and the last one may be shorter.
 */
export function planRanges(table: StoreTable, span: TimeSpan, chunkMs: number): CopyRange[] {
  const ranges: CopyRange[] = [];
  for (let startMs = span.startMs; startMs < span.endMs;) {
    const nextMs = (Math.floor(startMs / chunkMs) + 1) * chunkMs;
    const endMs = Math.min(nextMs, span.endMs);
    ranges.push({ table, startMs, endMs });
    startMs = endMs;
  }
  return ranges;
}

/** How many ranges a span has at most. */
export function countRanges({ startMs, endMs }: TimeSpan, chunkMs: number): number {
  return Math.ceil((endMs - startMs) / chunkMs) + 1;
}
