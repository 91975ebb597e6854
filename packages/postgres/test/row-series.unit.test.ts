import type { PreparedRow } from '@highwater/store-kit';
import { expect, it } from 'vitest';
import { seriesDigest, seriesOf } from '../src/writing/row-series.ts';
import { rowTime } from '../src/writing/row-time.ts';

const timeMs = Date.UTC(2025, 10, 28, 12, 1);
const time = rowTime(`${timeMs}000000`);

function rowWith(bounds: Readonly<Record<string, string>>): PreparedRow {
  const dimensions = Object.entries({ host: 'a', ...bounds }).map(([name, value]) => ({
    name,
    value,
  }));
  return {
    dimensionSet: { dimensions, sortKey: JSON.stringify(bounds) },
  } as unknown as PreparedRow;
}

it('takes the window out of the dimensions of a view row', () => {
  const bounds = {
    window_end: '2025-11-28 12:01:00.000',
    window_start: '2025-11-28 12:00:00.000',
  };
  expect(seriesOf(rowWith(bounds), 'views', time)).toMatchObject({
    dimensions: [{ name: 'host', value: 'a' }],
    beforeMs: 60_000,
    afterMs: 0,
    window: undefined,
  });
  expect(seriesOf(rowWith(bounds), 'corrections', time)).toMatchObject({
    dimensions: [{ name: 'host', value: 'a' }],
    beforeMs: undefined,
    window: { startMs: timeMs - 60_000, endMs: timeMs },
  });
});

it.each([
  ['in another form', { window_end: '2025-11-28T12:01', window_start: '2025-11-28T12:00' }],
  [
    'of a day that is none',
    { window_end: '2025-02-30 12:01:00.000', window_start: '2025-02-30 12:00:00.000' },
  ],
  [
    'that ends at 24 o’clock',
    { window_end: '2025-11-28 24:00:00.000', window_start: '2025-11-28 23:59:00.000' },
  ],
  [
    'away from the row',
    { window_end: '2025-11-28 12:03:00.000', window_start: '2025-11-28 12:00:00.000' },
  ],
  ['with one bound', { window_end: '2025-11-28 12:01:00.000' }],
])('leaves a window %s in the dimensions', (_, bounds) => {
  const series = seriesOf(rowWith(bounds), 'views', time);
  expect(series.dimensions).toHaveLength(1 + Object.keys(bounds).length);
  expect(series).toMatchObject({ beforeMs: undefined, afterMs: undefined, window: undefined });
});

it('has another hash for each series', () => {
  const plain = seriesOf(rowWith({}), 'raw', time);
  const others = [
    seriesDigest('m', plain),
    seriesDigest('m2', plain),
    seriesDigest('m', { ...plain, beforeMs: 0, afterMs: 60_000 }),
    seriesDigest('m', { ...plain, beforeMs: 60_000, afterMs: 0 }),
    seriesDigest('m', { ...plain, dimensions: [] }),
    seriesDigest('m', { ...plain, dimensions: [{ name: 'hosta', value: '' }] }),
  ];
  expect(new Set(others).size).toBe(others.length);
});
