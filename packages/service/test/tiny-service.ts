import { once } from 'node:events';
import { z } from 'zod';
import { runService } from '../src/index.ts';

/** Continues when the parent sends a message of any kind. */
const parentSaysGo = () => once(process, 'message');

/** The smallest possible service. Its drain takes as long as it is told. */
await runService(
  {
    name: 'tiny',
    description: 'Waits until it is stopped.',
    config: {
      HW_TINY_START_MS: z.coerce.number().int().default(0).describe('how long the start takes, ms'),
      HW_TINY_DRAIN_MS: z.coerce.number().int().default(0).describe('how long the drain takes, ms'),
      HW_TINY_ASKS_PARENT: z
        .stringbool()
        .default(false)
        .describe('whether the start and the drain wait for a message of the parent'),
      HW_TINY_FAILS: z.stringbool().default(false).describe('whether the body throws'),
      HW_TINY_PASSWORD: z.string().default('').describe('a secret that must not be shown'),
    },
    flags: { 'drain-ms': 'HW_TINY_DRAIN_MS' },
    check: ({ HW_TINY_START_MS, HW_TINY_DRAIN_MS }) =>
      HW_TINY_START_MS > HW_TINY_DRAIN_MS && HW_TINY_START_MS > 60_000
        ? ['HW_TINY_START_MS must not exceed a minute and HW_TINY_DRAIN_MS']
        : [],
  },
  async ({ config, health, signal, clock }) => {
    if (config.HW_TINY_ASKS_PARENT) await parentSaysGo();
    await clock.sleep(config.HW_TINY_START_MS, signal);
    health.ready();
    if (config.HW_TINY_FAILS) throw new Error('working: out of luck');
    const forever = clock.sleep(86_400_000, signal);
    await forever.catch(() => undefined);
    if (config.HW_TINY_ASKS_PARENT) await parentSaysGo();
    await clock.sleep(config.HW_TINY_DRAIN_MS);
  },
);
