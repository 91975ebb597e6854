import { describe, expect, it } from 'vitest';
import { chaos, type ChaosPlan } from './chaos.ts';

// Goal: fleets of both services that share their shards end with the rows that the raw stream holds,
// through crashes, pauses longer than a lease, splits, merges, and lease calls that are late, refused
// or not answered. Method: real services on simulated time; the rows are recomputed by other code.
// `HW_SIM_SEED` replays one, `HW_SIM_SCHEDULES` runs as many as it says.

const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from(
      { length: Number(process.env['HW_SIM_SCHEDULES'] ?? 60) },
      (_, index) => `fleets-${index}`,
    );

const fleet = {
  sharing: { durationMs: 6_000, intervalMs: 1_000 },
  leaseRates: { late: 0.02, lateMsMax: 30_000, refuted: 0.01 },
};

const plan: ChaosPlan = {
  pointsCount: 100,
  processesMax: 3,
  rates: { crash: 0.04, pause: 0.06, reshard: 0.06 },
};

describe('fleets of both services', () => {
  it.each(seeds)('seed %s: crashes, pauses and reshards change no row', async (seed) => {
    const world = await chaos({ seed, fleet }, plan);
    const expected = await world.expected();
    expect(expected.size).toBeGreaterThan(5);
    expect(world.actual()).toEqual(expected);
    expect(world.store.conflicts).toEqual([]);
    // A failing store ends a process, which its supervisor restarts. Nothing else may.
    const names = world.failures.map((error) => (error as Error).name);
    expect(names.filter((name) => name !== 'StoreUnavailableError')).toEqual([]);
  });
});
