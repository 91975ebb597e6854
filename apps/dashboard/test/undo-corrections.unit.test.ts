import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Correction, WindowRow } from '../src/contract.ts';
import { asKnownAt, withFirstStored } from '../src/explore/undo-corrections.ts';

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

describe('withFirstStored', () => {
  // Goal: the first stored value is the one known when the window ended. Method: any chain of
  // corrections of one window, undone in both ways.
  it('returns the value known when the window ended', () => {
    const anyChain = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 6 });
    const property = fc.property(anyChain, fc.integer({ min: 1, max: 4 }), (values, rowsCount) => {
      const chain = [0, ...values];
      const newestFirst = values
        .map((value, at) => correction(20 + at, chain[at] ?? 0, value))
        .toReversed();
      const windows = [window(0, 7, rowsCount)];
      const options = { by: undefined, isTruncated: false };
      const [first] = withFirstStored(windows, newestFirst, options);
      const [known] = asKnownAt(windows, newestFirst, { atMs: 10, by: undefined });
      expect(first?.firstMean ?? first?.mean).toBe(known?.mean);
      expect(first?.firstMean === undefined).toBe(values.length === 0);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('omits windows whose oldest corrections may be missing', () => {
    const options = { by: undefined, isTruncated: true };
    const late = { ...correction(40, 1, 2), windowStartMs: 30, windowEndMs: 40 };
    const windows = withFirstStored(
      [window(0, 3), window(30, 2)],
      [late, correction(35, 2, 3)],
      options,
    );
    expect(windows.map(({ firstMean }) => firstMean)).toEqual([undefined, 1]);
  });
});
