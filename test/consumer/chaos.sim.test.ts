import { describe, expect, it } from 'vitest';
import { chaos, whatIsWrong } from './chaos.ts';

// Goal: whatever happens to workers, calls and shards, every record is in the final state once, in
// the order of its key, children never start before their parents, and the leases end balanced.
// Method: a fleet on simulated time, everything at random from a seed. `HW_SIM_SEED` replays one,
// `HW_SIM_SCHEDULES` runs as many as it says.
// Workers that poll and workers that subscribe take over from each other; some records are packed.

const schedulesCount = Number(process.env['HW_SIM_SCHEDULES'] ?? 2_000);
const perTest = 50;
const seedGroups = process.env['HW_SIM_SEED']
  ? [[process.env['HW_SIM_SEED']]]
  : Array.from({ length: Math.ceil(schedulesCount / perTest) }, (_, group) =>
      Array.from({ length: perTest }, (_none, index) => `fleet-${group * perTest + index}`),
    );

describe('a fleet in chaos', () => {
  it.each(seedGroups.map((seeds) => ({ seeds, first: seeds[0], last: seeds.at(-1) })))(
    'seeds $first to $last: every record is recorded once, in order',
    async ({ seeds }) => {
      for (const seed of seeds) {
        expect({ seed, wrong: await whatIsWrong(await chaos(seed)) }).toEqual({ seed, wrong: [] });
      }
    },
  );

  // The harness must be able to fail: a lease table that loses what it has confirmed.
  it('goes wrong in some seed when checkpoints are confirmed and lost', async () => {
    for (let index = 0; index < 20; index++) {
      const wrong = await whatIsWrong(await chaos(`canary-${index}`, { isLying: true }));
      if (wrong.length > 0) return;
    }
    expect.unreachable('twenty schedules went well');
  });
});
