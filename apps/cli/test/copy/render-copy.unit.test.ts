import { expect, it } from 'vitest';
import type { RangeResult } from '../../src/copy/range-result.ts';
import { renderCopy, timeText } from '../../src/copy/render-copy.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 10, 28, 10);

function resultOf(hours: number, changes: Partial<RangeResult> = {}): RangeResult {
  const range = { startMs: startMs + hours * hourMs, endMs: startMs + (hours + 1) * hourMs };
  const counts = { sourceRows: 1_200, readRows: 1_200, targetRows: 1_200, newerRows: 0 };
  return { table: 'raw', ...range, ...counts, refused: {}, ...changes };
}

it('lists ranges with rows, says how they differ and why, and sums up', () => {
  const detail = 'the table keeps rows from 2026-11-28T11:00:00.000Z (retention in days: 1)';
  const lines = renderCopy([
    resultOf(0, { targetRows: 1_190, refused: { time_out_of_range: { rowsCount: 10, detail } } }),
    resultOf(1),
    resultOf(2, { sourceRows: 0, readRows: 0, targetRows: 0 }),
    resultOf(3, { targetRows: 1_203 }),
    resultOf(4, { readRows: 1_100, targetRows: 1_100 }),
    resultOf(5, { targetRows: 5 }),
    resultOf(6, { readRows: 1_201, endMs: startMs + 6 * hourMs + 1 }),
  ]);
  expect(lines).toEqual([
    'TABLE  FROM (UTC)        TO (UTC)                 SOURCE  TARGET  RESULT',
    'raw    2026-11-28 10:00  2026-11-28 11:00          1,200   1,190  differ: 10 refused',
    'raw    2026-11-28 11:00  2026-11-28 12:00          1,200   1,200  agree',
    'raw    2026-11-28 13:00  2026-11-28 14:00          1,200   1,203  differ: 3 more in the target',
    'raw    2026-11-28 14:00  2026-11-28 15:00          1,200   1,100  differ: 100 not read',
    'raw    2026-11-28 15:00  2026-11-28 16:00          1,200       5  differ: rows are missing in the target',
    'raw    2026-11-28 16:00  2026-11-28 16:00:00.001   1,200   1,200  differ: 1 gone from the source',
    '',
    'Rows that the target refused, by reason:',
    `  time_out_of_range: 10, for example: ${detail}`,
    '',
    '2 of 7 ranges agree: 7,200 rows in the source, 5,898 in the target. Ranges without rows are not listed: 1.',
  ]);
});

it('shows times as short as they are exact', () => {
  expect([startMs, startMs + 1_000, startMs + 1].map(timeText)).toEqual([
    '2026-11-28 10:00',
    '2026-11-28 10:00:01',
    '2026-11-28 10:00:00.001',
  ]);
});
