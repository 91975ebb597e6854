import type { PreparedRow } from '@highwater/store-kit';

/** Timestream's own limit. */
export const requestRecordsMax = 100;

/**
 * Splits rows into requests, as few as possible: Timestream meters every request in whole KiB.
 *
 * Rows are sorted so that those which share dimensions and time meet in one request, where what
 * they share is sent, and metered, once.
 */
export function planRequests(rows: readonly PreparedRow[]): readonly (readonly PreparedRow[])[] {
  const sorted = rows.toSorted(compareRows);
  const requests: PreparedRow[][] = [];
  for (let start = 0; start < sorted.length; start += requestRecordsMax) {
    requests.push(sorted.slice(start, start + requestRecordsMax));
  }
  return requests;
}

function compareRows(a: PreparedRow, b: PreparedRow): number {
  if (a.dimensionSet !== b.dimensionSet) {
    return a.dimensionSet.sortKey < b.dimensionSet.sortKey ? -1 : 1;
  }
  if (a.row.time !== b.row.time) return a.row.time < b.row.time ? -1 : 1;
  return a.row.version - b.row.version || a.index - b.index;
}
