import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { rawBombs, resultsBombs } from './bombs.ts';

const reader = fileURLToPath(new URL('./reader.ts', import.meta.url));
const heapMebibytesMax = 256;
/** Memory of a service's container. */
const memoryBytesMax = 512 * 1024 * 1024;
/** Size of a letter without its payload. */
const headBytesMax = 4_096;

interface Result {
  readonly name: string;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly inBytes: number;
  readonly outBytes: number;
  /** Of the process so far. */
  readonly peakBytes: number;
}

/** Puts all bombs of a service through a process of its own, which a heap too small would end. */
async function survive(service: string): Promise<ReadonlyMap<string, Result>> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-bombs-'));
  try {
    const heap = `--max-old-space-size=${heapMebibytesMax}`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      heap,
      reader,
      service,
      directory,
    ]);
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Result);
    return new Map(results.map((result) => [result.name, result]));
  } finally {
    await rm(directory, { recursive: true });
  }
}

// Goal: no record can stop a reader, or cost many times its size. Method: bombs go through the real
// processor and the real file of dead letters, in a process with a small heap. The size of the
// output is limited by the input, and every element is counted.
describe.each([
  ['aggregator', rawBombs],
  ['raw-writer', rawBombs],
  ['upsert-writer', resultsBombs],
])('the %s survives', (service, bombs) => {
  let results: ReadonlyMap<string, Result> = new Map();
  beforeAll(async () => {
    results = await survive(service);
  }, 120_000);

  it.each(Object.entries(bombs))('%s', (name, make) => {
    const { records, refused, used, lettersMax = records.length } = make();
    const { outcomes, inBytes, outBytes, peakBytes } = results.get(name) ?? missing(name);
    const { dead_lettered: deadLettered = 0, ...others } = outcomes;
    expect(deadLettered).toBe(refused);
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(used);
    // Base64, and one bounded head a letter.
    expect(outBytes).toBeLessThan((inBytes * 4) / 3 + lettersMax * headBytesMax);
    expect(peakBytes).toBeLessThan(memoryBytesMax);
  });
});

function missing(name: string): never {
  throw new Error(`the reader did not come to ${name}`);
}
