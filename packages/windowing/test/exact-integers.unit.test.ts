import type { Point } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRow, restoreOperator, snapshotOperator, WindowOperator } from '../src/index.ts';
import { view } from './operator-harness.ts';

const exact = ['sum', 'min', 'max', 'first', 'last'] as const;

interface Reading {
  readonly value: string;
  readonly type: 'BIGINT' | 'DOUBLE';
}

function pointOf({ value, type }: Reading, timeMs: number): Point {
  return {
    series: {
      measureName: 'm',
      measureValueType: type,
      dimensions: [{ name: 'site', value: 'oslo' }],
    },
    value,
    time: String(timeMs),
    timeUnit: 'MILLISECONDS',
    timeMs,
  };
}

/**
 * The rows of readings that arrived by several shards, one per millisecond, with a restart in each.
 */
function rowsOf(
  readings: readonly Reading[],
  shardsCount = 1,
  duplicates: 'count' | 'ignore' = 'count',
) {
  const one = view({
    match: { measures: ['m'] },
    window: { tumbling: '1m' },
    aggregates: exact,
    duplicates,
    output: { measure: '{aggregate}' },
  });
  const partials = Array.from({ length: shardsCount }, (_, shard) => {
    const options = {
      views: [one],
      source: `s${shard}`,
      outOfOrdernessMs: 0,
      maxFutureSkewMs: 0,
    };
    let operator = new WindowOperator(options);
    for (const [index, reading] of readings.entries()) {
      if (index % shardsCount !== shard) continue;
      operator.add(pointOf(reading, index), { sequenceNumber: String(index), arrivalTimeMs: 60 });
      operator = restoreOperator(snapshotOperator(operator), options).operator;
    }
    return [...operator.fire('shard_end', Number.POSITIVE_INFINITY)];
  }).flat();
  expect(new Set(partials.map(({ series }) => JSON.stringify(series))).size).toBe(1);
  const [first] = partials;
  if (!first) throw new Error('there are readings');
  const overTheWire = JSON.parse(JSON.stringify(partials)) as typeof partials;
  const identity = { view: one, series: first.series, window: { startMs: 0, endMs: 60_000 } };
  const { rows, isSumRounded } = foldRow(identity, overTheWire, 'complete');
  const values = rows.map(({ measureName, measureValue, measureValueType }) => [
    measureName,
    `${measureValue} ${measureValueType}`,
  ]);
  return { isSumRounded, ...(Object.fromEntries(values) as Record<string, string>) };
}

const bigints = (...values: readonly string[]): Reading[] =>
  values.map((value) => ({ value, type: 'BIGINT' }));

describe('aggregates of BIGINT', () => {
  it('are exact beyond 2^53', () => {
    expect(rowsOf(bigints('9007199254740993', '9007199254740995', '9007199254740992'))).toEqual({
      sum: '27021597764222980 BIGINT',
      min: '9007199254740992 BIGINT',
      max: '9007199254740995 BIGINT',
      first: '9007199254740993 BIGINT',
      last: '9007199254740992 BIGINT',
      isSumRounded: false,
    });
  });

  it('are DOUBLE, in one row, if any point is', () => {
    const readings = [...bigints('10'), { value: '20.5', type: 'DOUBLE' as const }];
    expect(rowsOf(readings)).toMatchObject({ sum: '30.5 DOUBLE', min: '10 DOUBLE' });
  });

  it('are rounded when their sum exceeds 64 bits, and say so', () => {
    const most = '9223372036854775807';
    expect(rowsOf(bigints(most, '1'))).toMatchObject({
      sum: '9223372036854776000 DOUBLE',
      max: `${most} BIGINT`,
      isSumRounded: true,
    });
    // On the way there it may.
    expect(rowsOf(bigints(most, '1', '-1'))).toMatchObject({
      sum: `${most} BIGINT`,
      isSumRounded: false,
    });
  });

  // Goal: stored values are exact, however points are distributed over shards and types are mixed.
  // Method: compare with a computation with big integers.
  it.each(['count', 'ignore'] as const)('equal those of big integers (duplicates: %s)', (mode) => {
    const anyBigint = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
      fc.bigInt({ min: -5n, max: 5n }),
    );
    const property = fc.property(
      fc.array(anyBigint, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 3 }),
      (values, shardsCount) => {
        const rows = rowsOf(bigints(...values.map(String)), shardsCount, mode);
        const sum = values.reduce((total, value) => total + value, 0n);
        const isWithin = BigInt.asIntN(64, sum) === sum;
        const ordered = values.toSorted((a, b) => (a < b ? -1 : 1));
        expect(rows).toEqual({
          sum: isWithin ? `${sum} BIGINT` : `${Number(sum)} DOUBLE`,
          min: `${ordered[0]} BIGINT`,
          max: `${ordered.at(-1)} BIGINT`,
          first: `${values[0]} BIGINT`,
          last: `${values.at(-1)} BIGINT`,
          isSumRounded: !isWithin,
        });
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

describe('points of both numeric types', () => {
  it('are one series: the average of 10, 20.5, and 30.5 is 20.33', () => {
    const one = view({ window: { tumbling: '1m' }, aggregates: ['avg'] });
    const operator = new WindowOperator({
      views: [one],
      source: 's',
      outOfOrdernessMs: 0,
      maxFutureSkewMs: 0,
    });
    const readings: Reading[] = [
      ...bigints('10'),
      { value: '20.5', type: 'DOUBLE' },
      { value: '30.5', type: 'DOUBLE' },
    ];
    for (const [index, reading] of readings.entries()) {
      operator.add(pointOf(reading, index), { sequenceNumber: String(index), arrivalTimeMs: 60 });
    }
    const partials = [...operator.fire('shard_end', Number.POSITIVE_INFINITY)];
    expect(partials.map(({ contributions }) => contributions)).toEqual([3]);
    const series = partials[0]?.series;
    if (!series) throw new Error('there is a partial');
    const identity = { view: one, series, window: { startMs: 0, endMs: 60_000 } };
    const [row] = foldRow(identity, partials, 'complete').rows;
    expect(row).toMatchObject({ measureValue: String(61 / 3), measureValueType: 'DOUBLE' });
  });
});
