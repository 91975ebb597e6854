import type { QueryResult } from '@highwater/model';
import { describe, expect, it, vi } from 'vitest';
import { BusyError } from '../src/errors.ts';
import { limitReader } from '../src/explore/limit-reader.ts';
import { emptyReader } from './empty-reader.ts';

const empty: QueryResult = {
  columns: [],
  rows: [],
  isTruncated: false,
  elapsedMs: 0,
};

/** A store that answers when the test says so. */
function slowStore({ waitingMax = 1 } = {}) {
  const waiting: { statement: string; answer: () => void }[] = [];
  const gate = limitReader(
    emptyReader({
      query: (statement) => {
        const { promise, resolve } = Promise.withResolvers<QueryResult>();
        waiting.push({ statement, answer: () => resolve(empty) });
        return promise;
      },
    }),
    { inFlightMax: 1, waitingMax },
  );
  return { gate, waiting };
}

const limits = () => ({ rowsMax: 1, signal: new AbortController().signal });

const patience = { timeout: 60_000, interval: 1 };

describe('limitReader', () => {
  it('lets one in, makes one wait, and refuses the next', async () => {
    const { gate, waiting } = slowStore();
    const first = gate.query('1', limits());
    const second = gate.query('2', limits());
    await expect(gate.query('3', limits())).rejects.toBeInstanceOf(BusyError);
    waiting[0]?.answer();
    await first;
    await vi.waitFor(() => expect(waiting).toHaveLength(2), patience);
    expect(waiting.map(({ statement }) => statement)).toEqual(['1', '2']);
    waiting[1]?.answer();
    await second;
  });

  it('frees the place of a query that is aborted while it waits', async () => {
    const { gate, waiting } = slowStore();
    const first = gate.query('1', limits());
    const gone = new AbortController();
    const second = gate.query('2', { rowsMax: 1, signal: gone.signal });
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    const third = gate.query('3', limits());
    waiting[0]?.answer();
    await first;
    await vi.waitFor(() => expect(waiting).toHaveLength(2), patience);
    waiting[1]?.answer();
    await third;
    expect(waiting.map(({ statement }) => statement)).toEqual(['1', '3']);
  });

  it('never forgets a waiting query, whenever another one is aborted', async () => {
    for (let microtasks = 0; microtasks < 12; microtasks++) {
      const { gate, waiting } = slowStore({ waitingMax: 2 });
      const first = gate.query('1', limits());
      const gone = new AbortController();
      const second = gate.query('2', { rowsMax: 1, signal: gone.signal }).catch(() => undefined);
      const third = gate.query('3', limits());
      await vi.waitFor(() => expect(waiting).toHaveLength(1), patience);
      waiting[0]?.answer();
      for (let each = 0; each < microtasks; each++) await Promise.resolve();
      gone.abort(new Error('gone'));
      await first;
      await vi.waitFor(() => {
        waiting.at(-1)?.answer();
        expect(waiting.at(-1)?.statement).toBe('3');
      }, patience);
      await Promise.all([second, third]);
    }
  });
});
