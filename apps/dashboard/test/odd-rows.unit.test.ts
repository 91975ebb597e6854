import type { StoredCorrection } from '@highwater/model';
import { expect, it } from 'vitest';
import { readWindows } from '../src/explore/read-windows.ts';
import { answerOf, emptyReader } from './empty-reader.ts';

const { signal } = new AbortController();

it('says of an earlier view when it does not know all the corrections that came after', async () => {
  const isTruncatedWith = async (isTruncated: boolean) => {
    const reader = emptyReader({
      corrections: async () => answerOf<StoredCorrection>([], isTruncated),
    });
    const request = {
      fromMs: 0,
      toMs: 60_000,
      filters: {},
      measure: 'avg_tide',
      asKnownAtMs: 5_000,
    };
    return (await readWindows(reader, request, signal)).isTruncated;
  };
  expect(await isTruncatedWith(false)).toBe(false);
  expect(await isTruncatedWith(true)).toBe(true);
});
