import { describe, expect, it } from 'vitest';
import type { Correction, WindowRow } from '../src/contract.ts';
import { asKnownAt } from '../src/explore/read-windows.ts';

const window = (startMs: number, mean: number, rowsCount = 1): WindowRow => ({
  group: '',
  startMs,
  endMs: startMs + 10,
  mean,
  min: mean,
  max: mean,
  rowsCount,
  isFilled: false,
});

const correction = (knownAtMs: number, from: number, to: number): Correction => ({
  measure: 'avg_m',
  dimensions: {},
  windowStartMs: 0,
  windowEndMs: 10,
  knownAtMs,
  from,
  to,
  points: 3,
  added: 1,
  late: 1,
  lateByMs: 5,
});

describe('asKnownAt', () => {
  const history = [correction(30, 2, 3), correction(20, 1, 2)];

  it.each([
    [15, 1],
    [20, 2],
    [29, 2],
    [30, 3],
  ])('at %i the value was %i', (atMs, mean) => {
    const windows = asKnownAt([window(0, 3)], history, { atMs, by: undefined });
    expect(windows.map((each) => each.mean)).toEqual([mean]);
  });

  it('undoes a row of several by its share', () => {
    const windows = asKnownAt([window(0, 6, 2)], history, { atMs: 15, by: undefined });
    expect(windows[0]?.mean).toBe(5);
  });

  it('does not know a window that ended later', () => {
    expect(asKnownAt([window(0, 3), window(10, 4)], [], { atMs: 19, by: undefined })).toHaveLength(
      1,
    );
  });
});
