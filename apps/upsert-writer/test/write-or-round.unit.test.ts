import type { Row, RowOutcome, Store } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { writeOrRound } from '../src/write-or-round.ts';

const row = (measureName: string, measureValue: string, type: 'BIGINT' | 'DOUBLE'): Row => ({
  measureName,
  measureValue,
  measureValueType: type,
  dimensions: [{ name: 'site', value: 'oslo' }],
  time: '0',
  timeUnit: 'MILLISECONDS',
  version: 1,
});

/** Keeps one type for each measure name, like Timestream, and rejects `bad` altogether. */
class TypedStore implements Store {
  readonly calls: Row[][] = [];
  readonly types = new Map<string, string>();

  async write(rows: readonly Row[]): Promise<readonly RowOutcome[]> {
    this.calls.push([...rows]);
    return rows.map(({ measureName, measureValueType }) => {
      const known = this.types.get(measureName) ?? measureValueType;
      this.types.set(measureName, known);
      if (measureName === 'old')
        return { status: 'rejected', reason: 'time_out_of_range', detail: '' };
      return known === measureValueType && measureName !== 'bad'
        ? { status: 'written' }
        : { status: 'rejected', reason: 'other', detail: `it is ${measureValueType}` };
    });
  }
}

describe('whole numbers that a store rejects because of their type', () => {
  const { signal } = new AbortController();

  it('are stored rounded, and counted', async () => {
    const store = new TypedStore();
    store.types.set('max_m', 'DOUBLE');
    const rows = [
      row('max_m', '9007199254740993', 'BIGINT'),
      row('min_m', '9007199254740993', 'BIGINT'),
      row('avg_m', '1.5', 'DOUBLE'),
    ];
    const { outcomes, roundedCount } = await writeOrRound(store, rows, signal);
    expect(outcomes.map(({ status }) => status)).toEqual(['written', 'written', 'written']);
    expect(roundedCount).toBe(1);
    expect(store.calls[1]).toEqual([row('max_m', '9007199254740992', 'DOUBLE')]);
  });

  it('are rejected with the first reason when the type is not the problem, and tried once', async () => {
    const store = new TypedStore();
    const rows = [row('bad', '1', 'BIGINT'), row('old', '1', 'BIGINT'), row('bad', '1', 'DOUBLE')];
    const { outcomes, roundedCount } = await writeOrRound(store, rows, signal);
    expect(outcomes).toMatchObject([
      { status: 'rejected', detail: 'it is BIGINT' },
      { status: 'rejected', reason: 'time_out_of_range' },
      { status: 'rejected', detail: 'it is DOUBLE' },
    ]);
    expect(roundedCount).toBe(0);
    expect(store.calls.map(({ length }) => length)).toEqual([3, 1]);
  });

  it('cost nothing more when all are accepted', async () => {
    const store = new TypedStore();
    await writeOrRound(store, [row('max_m', '1', 'BIGINT')], signal);
    expect(store.calls).toHaveLength(1);
  });
});
