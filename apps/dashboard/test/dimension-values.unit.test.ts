import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { DimensionValues, type SeriesChoice } from '../src/explore/dimension-values.ts';
import type { QueryPort } from '../src/store/query-port.ts';
import { Tables } from '../src/store/tables.ts';

const everything: SeriesChoice = { fromMs: 0, toMs: 3_600_000, measures: [], filters: {} };

/** A store with this many hosts, which records its requests. */
function worldOf(hostsCount: number) {
  const statements: string[] = [];
  let isDown = false;
  const port: QueryPort = {
    query: async (statement, { rowsMax }) => {
      statements.push(statement);
      if (isDown) throw new Error('away');
      const rows = Array.from({ length: Math.min(rowsMax, hostsCount) }, (_, index) => [
        `Host-${index}`,
        String(hostsCount - index),
      ]);
      return { columns: [], rows, isTruncated: false, elapsedMs: 1, bytesScanned: 0 };
    },
  };
  const clock = new SimulatedClock();
  const names = { database: 'highwater', table: 'metrics', corrections: 'corrections' };
  const values = new DimensionValues({ port, tables: new Tables(port, names, clock) }, clock);
  const find = async (search: string, choice: Partial<SeriesChoice> = {}, limit = 6) =>
    values.find(
      'host',
      { ...everything, ...choice },
      { search, limit, signal: new AbortController().signal },
    );
  const setDown = (isDownNow: boolean) => {
    isDown = isDownNow;
  };
  return { statements, clock, find, setDown };
}

describe('DimensionValues', () => {
  it('follows a search letter by letter with one statement', async () => {
    const { statements, find } = worldOf(2_000);
    for (const search of ['h', 'ho', 'host-1', 'HOST-19']) await find(search);
    const { values, isTruncated } = await find('t-199');
    expect(values.map(({ value }) => value)).toEqual(
      ['199', '1990', '1991', '1992', '1993', '1994'].map((end) => `Host-${end}`),
    );
    expect(isTruncated).toBe(true);
    expect(statements).toHaveLength(1);
  });

  it('asks again when the counts are old', async () => {
    const { statements, clock, find } = worldOf(3);
    await find('');
    await clock.advance(60_000);
    await find('');
    expect(statements).toHaveLength(2);
  });

  it('keeps the values while a range moves with the clock', async () => {
    const { statements, find } = worldOf(3);
    await find('h', { fromMs: 600_001, toMs: 1_500_001 });
    await find('ho', { fromMs: 602_001, toMs: 1_502_001 });
    expect(statements).toHaveLength(1);
  });

  it('narrows by the other dimensions, never by its own', async () => {
    const { statements, find } = worldOf(3);
    await find('', { filters: { host: ['Host-1'], region: ['north'] } });
    expect(statements[0]).toContain(`"region" IN ('north')`);
    expect(statements[0]).not.toContain('Host-1');
  });

  it('lets the store search when there are more values than it caches', async () => {
    const { statements, find } = worldOf(10_001);
    await find('50%');
    expect(statements).toHaveLength(2);
    expect(statements[1]).toContain(String.raw`LIKE '%50\%%' ESCAPE '\'`);
  });

  it('asks again when the store did not answer', async () => {
    const { find, setDown } = worldOf(3);
    setDown(true);
    await expect(find('')).rejects.toThrow('away');
    setDown(false);
    expect((await find('')).values).toHaveLength(3);
  });
});
