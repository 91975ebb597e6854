import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzzSeed } from './fuzz-seed.ts';

/** Some of everything, large and small, in some seconds; `npm run sim -- --fuzz` runs as many as one likes. */
const seeds = Array.from({ length: 8 }, (_, index) => `fuzz-${index}`);

// Goal: no record stops a reader, breaks one of its laws, or costs more than its size allows. Method:
// seeded mutations of valid records go through the real processors with their real files of dead
// letters; each element has one outcome, both readers refuse the same, every snapshot can be restored,
// and what was taken is held against bounds for each byte.
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
