import { describe, expect, it } from 'vitest';
import type { PointGroup } from '../../src/contract.ts';
import {
  gapMsOf,
  isLine,
  marksOf,
  nearestIndex,
  valueRange,
  type ChartData,
} from '../chart/chart-data.ts';
import { correctionOf } from './correction-of.ts';

const groupOf = (timesMs: readonly number[], values: readonly number[] = timesMs): PointGroup => ({
  name: '',
  timesMs,
  mins: values,
  maxs: values,
  means: values,
  pointsCount: timesMs.length,
});

const span = { fromMs: 0, toMs: 100 };
const dataOf = (more: Partial<ChartData>): ChartData => ({
  span,
  binMs: 0,
  groups: [],
  layers: [],
  ...more,
});

describe('the range of values', () => {
  it('has all points of the span, with some margin, and no others', () => {
    const groups = [groupOf([10, 50, 200], [0, 100, 9_999])];
    expect(valueRange(dataOf({ groups }), span)).toEqual([-8, 108]);
  });

  it('has the current and the first value of a window', () => {
    const window = { group: '', startMs: 0, endMs: 10, min: 0, max: 0, rowsCount: 1 };
    const windows = [{ ...window, mean: 100, firstMean: 0, isFilled: false }];
    const data = dataOf({ layers: [{ measure: 'avg', windows }] });
    expect(valueRange(data, span)).toEqual([-8, 108]);
    expect(valueRange(data, { fromMs: 11, toMs: 20 })).toBeUndefined();
  });

  it.each([
    { value: 50, range: [45, 55] },
    { value: -50, range: [-55, -45] },
    { value: 0, range: [-1, 1] },
  ])('of $value alone still has a height', ({ value, range }) => {
    const groups = [groupOf([10, 20], [value, value])];
    expect(valueRange(dataOf({ groups }), span)).toEqual(range);
  });
});

describe('a gap', () => {
  it('is three times as long as the usual distance between points', () => {
    expect(gapMsOf(groupOf([0, 10, 20, 30, 40, 500, 510]), 0)).toBe(30);
  });

  it('is no shorter than two bins and a half', () => {
    expect(gapMsOf(groupOf([0, 10, 20]), 100)).toBe(250);
  });

  it('does not exist between a few points, or points of the same time', () => {
    expect(gapMsOf(groupOf([5]), 0)).toBe(Number.POSITIVE_INFINITY);
    expect(gapMsOf(groupOf([5, 5, 5]), 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

it('draws a line only through points of different times', () => {
  expect(isLine(groupOf([1, 2, 3]))).toBe(true);
  expect(isLine(groupOf([1, 2, 2, 3]))).toBe(false);
});

it.each([
  { timeMs: -5, index: 0 },
  { timeMs: 14, index: 0 },
  { timeMs: 16, index: 1 },
  { timeMs: 20, index: 1 },
  { timeMs: 99, index: 2 },
])('finds point $index nearest to $timeMs', ({ timeMs, index }) => {
  expect(nearestIndex([10, 20, 30], timeMs)).toBe(index);
});

it('finds no point if there is none', () => {
  expect(nearestIndex([], 5)).toBe(-1);
});

it('assigns the corrections of all series to their windows, windows in order', () => {
  const correction = (windowStartMs: number, measure: string) =>
    correctionOf({ windowStartMs, windowEndMs: windowStartMs + 10, measure });
  const marks = marksOf([correction(20, 'a'), correction(10, 'a'), correction(20, 'b')]);
  const shown = marks.map(({ startMs, endMs, corrections }) => ({
    startMs,
    endMs,
    measures: corrections.map(({ measure }) => measure),
  }));
  expect(shown).toEqual([
    { startMs: 10, endMs: 20, measures: ['a'] },
    { startMs: 20, endMs: 30, measures: ['a', 'b'] },
  ]);
});
