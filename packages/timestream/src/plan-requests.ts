import type { PreparedRow } from '@highwater/store-kit';

/** Limit of Timestream. */
export const requestRecordsMax = 100;

/**
 * Splits rows into as few requests as possible, because Timestream meters every request in whole
 * KiB.
 *
 * Rows are sorted so that rows with the same dimensions and time share a request. Their common
 * values are then sent, and metered, once.
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
