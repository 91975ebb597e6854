import type { Row } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import type { ReferenceRow } from '../reference-rows.ts';
import { chaos, services } from './chaos.ts';
import { byTheClock, windowMs, World, type WorldOptions } from './world.ts';

// Goal: whatever happens to processes and calls, gaps end filled as if the final rows had been known
// from the start, and a row with points is never lost to a filled one. Method: sparse series; the
// filled rows are recomputed plainly from the rows that the raw stream makes.

const maxGapMs = 40_000;
const fill = { method: 'linear', maxGap: `${maxGapMs}ms` };
const seeds = Array.from({ length: 12 }, (_, index) => `gaps-${index}`);

function options(seed: string): WorldOptions {
  const clocked = Number(seed.at(-1)) % 2 === 0 ? byTheClock : {};
  return { seed, seriesCount: 20, view: { fill, ...clocked } };
}

/** `series|window end` -> the average on the line between the rows next to the gap. */
function plainlyFilled(rows: ReadonlyMap<string, ReferenceRow>): ReadonlyMap<string, number> {
  const bySeries = new Map<string, { endMs: number; value: number }[]>();
  for (const [key, { average }] of rows) {
    const at = key.lastIndexOf('|');
    const row = { endMs: Number(key.slice(at + 1)), value: Number(average) };
    const series = key.slice(0, at);
    bySeries.set(series, [...(bySeries.get(series) ?? []), row]);
  }
  const filled = new Map<string, number>();
  for (const [series, unordered] of bySeries) {
    const inOrder = unordered.toSorted((a, b) => a.endMs - b.endMs);
    for (const [index, before] of inOrder.entries()) {
      const after = inOrder[index + 1];
      if (!after || after.endMs - windowMs - before.endMs > maxGapMs) continue;
      for (let endMs = before.endMs + windowMs; endMs < after.endMs; endMs += windowMs) {
        const part = (endMs - before.endMs) / (after.endMs - before.endMs);
        filled.set(`${series}|${endMs}`, before.value + (after.value - before.value) * part);
      }
    }
  }
  return new Map([...filled].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function storedFilled(rows: Iterable<Row>): ReadonlyMap<string, number> {
  const filled = [...rows].flatMap((row): [string, number][] => {
    const method = row.attributes?.find(({ name }) => name === 'interpolated')?.value;
    if (row.measureName !== 'avg_m' || method !== 'linear') return [];
    const series = row.dimensions.find(({ name }) => name === 'series')?.value;
    return [[`m|series=${series}|${row.time}`, Number(row.measureValue)]];
  });
  return new Map(filled.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function expectFilled(world: World): Promise<void> {
  const expected = await world.expected();
  const filled = plainlyFilled(expected);
  expect(filled.size, 'gaps that the raw stream leaves').toBeGreaterThan(5);
  expect(world.actual()).toEqual(expected);
  expect(storedFilled(world.store.rows.values())).toEqual(filled);
  expect(world.store.conflicts).toEqual([]);
}

describe('a view that fills gaps', () => {
  it('fills them in a quiet run', async () => {
    const world = new World(options('quiet-1'));
    await world.open(3, 2);
    for (const service of services) world.start(service);
    await world.feed(150);
    await world.settle();
    await expectFilled(world);
  });

  it.each(seeds)('seed %s: crashes, zombies, faults and reshards change nothing', async (seed) => {
    await expectFilled(await chaos(options(seed)));
  });
});
