import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { QueryRefusedError, StoreUnavailableError } from '@highwater/store-kit';
import type { QueryApi } from '../../src/reading/query-api.ts';
import { Tables } from '../../src/reading/table-columns.ts';

type Answer = readonly (readonly string[])[] | Error;
const { signal } = new AbortController();

/** The columns of a table, as a test describes them, and how often the store was asked for them. */
function describing(first: Answer) {
  let answer = first;
  let askedCount = 0;
  const api: QueryApi = {
    async *pages() {},
    query: async () => {
      askedCount += 1;
      if (answer instanceof Error) throw answer;
      return { columns: [], rows: answer, isTruncated: false, elapsedMs: 1 };
    },
  };
  const clock = new SimulatedClock();
  const tables = new Tables(api, { database: 'd', table: 't', corrections: 'c' }, clock);
  return {
    clock,
    columns: () => tables.columns(tables.rows, signal),
    become: (next: Answer) => {
      answer = next;
    },
    askedCount: () => askedCount,
  };
}

const host = ['host', 'varchar', 'DIMENSION'];
const region = ['region', 'varchar', 'DIMENSION'];

describe('Tables', () => {
  it('distinguishes dimensions from the bounds of windows, and finds the value columns', async () => {
    const bounds = ['window_end', 'window_start'].map((name) => [name, 'varchar', 'DIMENSION']);
    const values = ['double', 'varchar'].map((type) => [`measure_value::${type}`, type, 'MEASURE']);
    const attributes = [
      ['value', 'double', 'MULTI'],
      ['interpolated', 'varchar', 'MULTI'],
    ];
    const { columns } = describing([region, host, ...bounds, ...values, ...attributes]);
    expect(await columns()).toEqual({
      dimensions: ['host', 'region'],
      valueTypes: new Set(['double', 'varchar']),
      attributeTypes: new Map([
        ['value', 'double'],
        ['interpolated', 'varchar'],
      ]),
      hasAttributes: true,
      hasFilled: true,
      hasWindows: true,
    });
  });

  it('knows a new column after a few seconds, without making anyone wait', async () => {
    const { clock, columns, become, askedCount } = describing([host]);
    await columns();
    become([host, region]);
    await clock.advance(4_999);
    expect((await columns())?.dimensions).toEqual(['host']);
    expect(askedCount()).toBe(1);
    await clock.advance(1);
    expect((await columns())?.dimensions).toEqual(['host']);
    await clock.advance(0);
    expect((await columns())?.dimensions).toEqual(['host', 'region']);
    expect(askedCount()).toBe(2);
  });

  it('asks once for all who wait', async () => {
    const { columns, askedCount } = describing([host]);
    const [first, second] = await Promise.all([columns(), columns()]);
    expect(second).toEqual(first);
    expect(askedCount()).toBe(1);
  });

  it('treats a rejection, or no columns, as a table that does not exist yet', async () => {
    const { columns, become } = describing(new QueryRefusedError('no such table'));
    expect(await columns()).toBeUndefined();
    become([]);
    expect(await columns()).toBeUndefined();
    become([host]);
    expect(await columns()).toMatchObject({ dimensions: ['host'], hasWindows: false });
  });

  it('reports an unavailable store, and keeps its knowledge in the meantime', async () => {
    const away = new StoreUnavailableError('away');
    const { clock, columns, become } = describing(away);
    await expect(columns()).rejects.toBe(away);
    become([host]);
    await columns();
    become(away);
    await clock.advance(60_000);
    expect((await columns())?.dimensions).toEqual(['host']);
  });
});
