import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alone } from './alone.ts';
import { piece, textOf } from './piece.ts';
import { fillTables, type SubjectSettings } from './subject.ts';

const settings: SubjectSettings = {
  main: join(import.meta.dirname, '../../src/main.ts'),
  timeLimitMs: 2_000,
  memoryBytesMax: 2 ** 28,
};

// Goal: the fuzz can fail. Method: limits that no statement stays within, and errors that are not
// errors.
describe('a statement alone on a server', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'highwater-alone-'));
    await fillTables(settings, join(directory, 'tables.duckdb'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  it('is found to exceed its time limit, and reduced', async () => {
    const noTime = { excessMax: -1, delayMsMax: 600_000 };
    await using alone = new Alone(settings, join(directory, 'tables.duckdb'), noTime);
    const text = piece('varchar', "'a'")`lower(${piece('varchar', "'b'")`upper('c')`})`;
    const root = piece('query', 'SELECT 1')`SELECT ${text} FROM "fuzz"."one"`;
    expect((await alone.faultsOf(textOf(root))).map(({ kind }) => kind)).toContain('time');
    expect(textOf(await alone.shrink(root, 'time'))).toBe('SELECT 1');
  });

  it('has no fault when it is rejected, or fails in the words of the service', async () => {
    const anyTime = { excessMax: 1_000, delayMsMax: 600_000 };
    await using alone = new Alone(settings, join(directory, 'tables.duckdb'), anyTime);
    expect(await alone.faultsOf('SELECT nothing')).toEqual([]);
    expect(await alone.faultsOf('SELECT 1 / 0')).toEqual([]);
    expect(await alone.faultsOf('SELECT host FROM "fuzz"."many"')).toEqual([]);
  });
});
