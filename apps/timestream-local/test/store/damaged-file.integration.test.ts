import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../src/store/store.ts';

const memoryBytesMax = 2 ** 28;
/** The first block of a DuckDB file, behind its three headers. */
const firstBlockBytes = 3 * 4096;

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timestream-local-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('a damaged file', () => {
  it('is reported as damaged, and not as one that another process has', async () => {
    const path = join(directory, 'points.duckdb');
    const options = { path, memoryBytesMax, isStrict: false };
    const store = await Store.open(options);
    await store[Symbol.asyncDispose]();

    await using file = await open(path, 'r+');
    const bytes = Buffer.alloc(1024, 0x5a);
    await file.write(bytes, 0, bytes.length, firstBlockBytes + 64);
    await expect(Store.open(options)).rejects.toThrow(/is damaged.*move it and its \.wal away/);
  });
});
