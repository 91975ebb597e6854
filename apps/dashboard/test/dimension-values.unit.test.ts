import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import type { SeriesChoice } from '@highwater/model';
import { DimensionValues } from '../src/explore/dimension-values.ts';
import { answerOf, emptyReader } from './empty-reader.ts';

const everything: SeriesChoice = { fromMs: 0, toMs: 3_600_000, measures: [], filters: {} };

/** A store with this many hosts, which records its requests. */
function worldOf(hostsCount: number) {
  const asked: { readonly choice: SeriesChoice; readonly search: string }[] = [];
  let isDown = false;
  const reader = emptyReader({
    dimensionValues: async (_dimension, choice, search, { rowsMax }) => {
      asked.push({ choice, search });
      if (isDown) throw new Error('away');
      const length = Math.min(rowsMax, hostsCount);
      const items = Array.from({ length }, (_, index) => `Host-${index}`);
      return answerOf(items, hostsCount > rowsMax);
    },
  });
  const clock = new SimulatedClock();
  const values = new DimensionValues(reader, clock);
  const find = async (search: string, choice: Partial<SeriesChoice> = {}, limit = 6) =>
    values.find(
      'host',
      { ...everything, ...choice },
      { search, limit, signal: new AbortController().signal },
    );
  const setDown = (isDownNow: boolean) => {
    isDown = isDownNow;
  };
  return { asked, clock, find, setDown };
}

describe('DimensionValues', () => {
  it('follows a search letter by letter with one question', async () => {
    const { asked, find } = worldOf(2_000);
    for (const search of ['h', 'ho', 'host-1', 'HOST-19']) await find(search);
    const { values, isTruncated } = await find('t-199');
    expect(values).toEqual(
      ['199', '1990', '1991', '1992', '1993', '1994'].map((end) => `Host-${end}`),
    );
    expect(isTruncated).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('asks again when the values have become old', async () => {
    const { asked, clock, find } = worldOf(3);
    await find('');
    await clock.advance(60_000);
    await find('');
    expect(asked).toHaveLength(2);
  });

  it('keeps the values while a range moves on with the clock', async () => {
    const { asked, find } = worldOf(3);
    await find('h', { fromMs: 600_001, toMs: 1_500_001 });
    await find('ho', { fromMs: 602_001, toMs: 1_502_001 });
    expect(asked).toHaveLength(1);
  });

  it('narrows by the other dimensions, never by its own', async () => {
    const { asked, find } = worldOf(3);
    await find('', { filters: { host: ['Host-1'], region: ['north'] } });
    expect(asked[0]?.choice.filters).toEqual({ region: ['north'] });
  });

  it('lets the store search where there are more values than are kept', async () => {
    const { asked, find } = worldOf(10_001);
    await find('50%');
    expect(asked).toHaveLength(2);
    expect(asked.map(({ search }) => search)).toEqual(['', '50%']);
  });

  it('asks again when the store did not answer', async () => {
    const { find, setDown } = worldOf(3);
    setDown(true);
    await expect(find('')).rejects.toThrow('away');
    setDown(false);
    expect((await find('')).values).toHaveLength(3);
  });
});
