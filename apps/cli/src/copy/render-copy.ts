import type { RejectReason } from '@highwater/model';
import { isAgreed, type RangeResult, type Refused } from './range-result.ts';

const heads = ['TABLE', 'FROM (UTC)', 'TO (UTC)', 'SOURCE', 'TARGET', 'RESULT'];
/** Columns of numbers. */
const right = new Set([3, 4]);

/** The result of each range that has rows, what was refused, and the sum. */
export function renderCopy(results: readonly RangeResult[]): readonly string[] {
  const shown = results.filter(({ sourceRows, targetRows }) => sourceRows + targetRows > 0);
  const empty = results.length - shown.length;
  const cells = [heads, ...shown.map(cellsOf)];
  const widths = heads.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const agreed = results.filter(isAgreed).length;
  return [
    ...cells.map((row) => lineOf(row, widths)),
    ...refusalLines(results),
    '',
    `${countText(agreed)} of ${rangesText(results.length)} agree: ${countText(sum(results, 'sourceRows'))} rows in the source, ${countText(sum(results, 'targetRows'))} in the target.${
      empty > 0 ? ` Ranges without rows are not listed: ${countText(empty)}.` : ''
    }`,
  ];
}

/** A count with separators. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 range` or `2 ranges`. */
export function rangesText(count: number): string {
  return count === 1 ? '1 range' : `${countText(count)} ranges`;
}

/** A time to the minute, or exactly if it has more. */
export function timeText(timeMs: number): string {
  const text = new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
  return text.replace(/:00\.000$/, '').replace(/\.000$/, '');
}

function cellsOf(result: RangeResult): readonly string[] {
  const { table, startMs, endMs, sourceRows, targetRows } = result;
  return [
    table,
    timeText(startMs),
    timeText(endMs),
    countText(sourceRows),
    countText(targetRows),
    verdictOf(result),
  ];
}

function verdictOf(result: RangeResult): string {
  if (isAgreed(result)) return 'agree';
  const { sourceRows, readRows, targetRows, refused } = result;
  const refusedRows = Object.values(refused).reduce((rows, each) => rows + each.rowsCount, 0);
  const causes = [
    ...(refusedRows > 0 ? [`${countText(refusedRows)} refused`] : []),
    ...(readRows < sourceRows ? [`${countText(sourceRows - readRows)} not read`] : []),
    ...(readRows > sourceRows ? [`${countText(readRows - sourceRows)} gone from the source`] : []),
    ...(targetRows > sourceRows
      ? [`${countText(targetRows - sourceRows)} more in the target`]
      : []),
  ];
  return `differ: ${causes.length > 0 ? causes.join(', ') : 'rows are missing in the target'}`;
}

function refusalLines(results: readonly RangeResult[]): readonly string[] {
  const all = new Map<RejectReason, Refused>();
  for (const { refused } of results) {
    for (const [reason, { rowsCount, detail }] of Object.entries(refused)) {
      const known = all.get(reason as RejectReason);
      all.set(reason as RejectReason, {
        rowsCount: (known?.rowsCount ?? 0) + rowsCount,
        detail: known?.detail ?? detail,
      });
    }
  }
  if (all.size === 0) return [];
  return [
    '',
    'Rows that the target refused, by reason:',
    ...[...all].map(
      ([reason, { rowsCount, detail }]) =>
        `  ${reason}: ${countText(rowsCount)}, for example: ${detail}`,
    ),
  ];
}

function sum(results: readonly RangeResult[], member: 'sourceRows' | 'targetRows'): number {
  return results.reduce((total, result) => total + result[member], 0);
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return right.has(column) ? cell.padStart(width) : cell.padEnd(width);
    })
    .join('  ')
    .trimEnd();
}
