import { Watermark, WindowOperator } from '@highwater/windowing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { whatIsWrong } from './edges.ts';

// Goal: bad clocks, odd records, and poison do not change the rows of other producers, and nothing
// is lost without a letter. Method: unusual producers, and all three services on simulated time
// through crashes, zombies, faults, and reshards. View rows, raw rows, and letters are compared
// with the input. `npm run sim -- --edges --count 20000` runs more; `HW_SIM_SEED` replays one.

const seeds = process.env['HW_SIM_SEED']
  ? [process.env['HW_SIM_SEED']]
  : Array.from({ length: 60 }, (_, index) => `edges-${index}`);

describe('producers at the edges', () => {
  it.each(seeds)('seed %s: every row and every letter is correct', async (seed) => {
    expect(await whatIsWrong(seed)).toEqual([]);
  });
});

describe('a build without a rule fails the check', () => {
  afterEach(() => vi.restoreAllMocks());

  const firstWrong = async (): Promise<string | undefined> => {
    for (let index = 0; index < 40; index++) {
      const wrong = await whatIsWrong(`canary-${index}`);
      if (wrong.length > 0) return wrong[0];
    }
    return undefined;
  };

  it('a watermark that trusts the fastest clock', async () => {
    const { prototype } = Watermark;
    const observe = Reflect.get(prototype, 'observe');
    vi.spyOn(prototype, 'observe').mockImplementation(function (this: Watermark, timeMs) {
      observe.call(this, timeMs, Number.POSITIVE_INFINITY);
    });
    expect(await firstWrong()).toMatch(/view row/);
  });

  it('a watermark that moves within a record', async () => {
    const { prototype } = WindowOperator;
    const addTo = Reflect.get(prototype, 'addTo');
    vi.spyOn(prototype, 'addTo').mockImplementation(function (this: WindowOperator, ...args) {
      const outcome = addTo.apply(this, args);
      this.endRecord();
      return outcome;
    });
    expect(await firstWrong()).toMatch(/view row/);
  });
});
