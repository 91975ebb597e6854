import { expect, it } from 'vitest';
import { coalesceRows } from '../src/coalesce-rows.ts';
import { DimensionSets } from '../src/dimension-sets.ts';
import { prepareRow } from '../src/prepared-row.ts';
import { rowOf } from './row-of.ts';

function prepared(versions: readonly { readonly time: string; readonly version: number }[]) {
  const sets = new DimensionSets();
  return versions.map((overrides, index) => {
    const preparation = prepareRow(rowOf(overrides), index, sets);
    if (!preparation.ok) throw new Error(preparation.refusal.detail);
    return preparation.prepared;
  });
}

it('sends rows of different identities as they are', () => {
  const rows = prepared([
    { time: '2', version: 1 },
    { time: '1', version: 1 },
  ]);
  expect(coalesceRows(rows)).toEqual({ leaders: rows, followers: [] });
});

it('sends the first row of the highest version, and keeps the others in their order', () => {
  const rows = prepared([
    { time: '1', version: 2 },
    { time: '2', version: 1 },
    { time: '1', version: 1 },
    { time: '1', version: 3 },
    { time: '1', version: 3 },
  ]);
  const { leaders, followers } = coalesceRows(rows);
  expect(leaders.map(({ index }) => index)).toEqual([3, 1]);
  expect(followers.map(({ row, leader }) => [row.index, leader.index])).toEqual([
    [0, 3],
    [2, 3],
    [4, 3],
  ]);
});
