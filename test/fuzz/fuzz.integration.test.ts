import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzSeed } from './fuzz-seed.ts';

/** Some of everything, large and small, in some seconds; `npm run sim -- --fuzz` runs as many as one likes. */
const seeds = Array.from({ length: 8 }, (_, index) => `fuzz-${index}`);

// Goal: no record stops a reader, breaks one of its rules, or costs more than its size allows.
// Method: seeded mutations of valid records go through the real processors with their real files of
// dead letters. Each element has one outcome, both readers reject the same ones, every snapshot can
// be restored, and the costs are compared with limits per byte.
describe('the readers, fuzzed', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'highwater-fuzz-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  it.each(seeds)('handle the records of %s', async (seed) => {
    const { finds } = await fuzzSeed(seed, join(directory, seed));
    expect(finds).toEqual([]);
  });
});
