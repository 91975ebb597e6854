import { describe, expect, it } from 'vitest';
import { describeDifference } from './describe-difference.ts';

const raw = (second: number) => `${second}000000000|cpu|host=a|0`;
const average = (second: number) => `avg_cpu|host=a|${second}000`;

describe('describeDifference', () => {
  it('reports nothing for equal tables', () => {
    const rows = new Map([[raw(1), '5']]);
    expect(describeDifference(rows, new Map(rows))).toEqual([]);
  });

  it('distinguishes raw rows from averages, and reports the kind of difference and the times', () => {
    const expected = new Map([
      [raw(1), '1'],
      [raw(2), '2'],
      [raw(3), '3'],
      [average(10), '2'],
    ]);
    const stored = new Map([
      [raw(1), '1'],
      [average(10), '1'],
      [average(20), '9'],
    ]);
    expect(describeDifference(expected, stored)).toEqual([
      'raw rows: 2 missing, 0 with another value, 0 too many, from 1970-01-01T00:00:02.000Z to 1970-01-01T00:00:03.000Z',
      'averages: 0 missing, 1 with another value, 1 too many, from 1970-01-01T00:00:10.000Z to 1970-01-01T00:00:20.000Z',
      `${raw(2)}: undefined instead of 2`,
      `${raw(3)}: undefined instead of 3`,
      `${average(10)}: 1 instead of 2`,
      `${average(20)}: 9 instead of undefined`,
    ]);
  });
});
