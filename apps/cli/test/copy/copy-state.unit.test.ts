import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CopyState } from '../../src/copy/copy-state.ts';
import type { RangeResult } from '../../src/copy/range-result.ts';

const identity = { from: 'timestream://a/metrics', to: 'timestream://b/metrics', chunkMs: 1_000 };
let directory: string;
let filesCount = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-copy-'));
});
afterAll(() => rm(directory, { recursive: true }));

const newPath = () => join(directory, 'deeper', `state-${filesCount++}`);

function resultOf(startMs: number, changes: Partial<RangeResult> = {}): RangeResult {
  const range = { table: 'raw', startMs, endMs: startMs + 1_000 } as const;
  return {
    ...range,
    sourceRows: 3,
    readRows: 3,
    targetRows: 3,
    newerRows: 0,
    refused: {},
    ...changes,
  };
}

describe('CopyState', () => {
  it('remembers ranges, and of each what was recorded last', async () => {
    const path = newPath();
    const state = await CopyState.open(path, identity);
    const refused = { time_out_of_range: { rowsCount: 1, detail: 'too old' } };
    await state.add(resultOf(0, { targetRows: 2, refused }));
    await state.add(resultOf(1_000));
    await state.add(resultOf(0));
    const again = await CopyState.open(path, identity);
    expect(again.find(resultOf(0))).toEqual(resultOf(0));
    expect(again.find(resultOf(1_000))).toEqual(resultOf(1_000));
    expect(again.find(resultOf(2_000))).toBeUndefined();
    expect(again.find({ ...resultOf(0), table: 'views' })).toBeUndefined();
    // A range with another end is another range: the newest rows were not there yet.
    expect(again.find({ ...resultOf(0), endMs: 999 })).toBeUndefined();
  });

  it('continues after a kill at any byte of the file, and loses the last range at most', async () => {
    const path = newPath();
    const state = await CopyState.open(path, identity);
    for (const startMs of [0, 1_000, 2_000]) await state.add(resultOf(startMs));
    const whole = await readFile(path);
    for (let length = 0; length <= whole.length; length++) {
      const cut = newPath();
      await (await CopyState.open(cut, identity)).add(resultOf(0));
      await writeFile(cut, whole.subarray(0, length));
      const resumed = await CopyState.open(cut, identity);
      await resumed.add(resultOf(3_000));
      const lines = whole.subarray(0, length).toString().split('\n').length - 1;
      const again = await CopyState.open(cut, identity);
      const found = [0, 1_000, 2_000, 3_000].filter((startMs) => again.find(resultOf(startMs)));
      expect(found).toEqual([...[0, 1_000, 2_000].slice(0, Math.max(0, lines - 1)), 3_000]);
    }
  });

  it.each([
    { from: 'timestream://x/metrics' },
    { to: 'timestream://x/metrics' },
    { chunkMs: 2_000 },
  ])('refuses the file of another copy (%o)', async (changes) => {
    const path = newPath();
    await CopyState.open(path, identity);
    await expect(CopyState.open(path, { ...identity, ...changes })).rejects.toMatchObject({
      code: 'HW_CLI_COPY_STATE',
      message: expect.stringContaining('it belongs to a copy from timestream://a/metrics'),
    });
  });

  it('refuses a file that is something else, and names a damaged line', async () => {
    const other = newPath();
    await (await CopyState.open(other, identity)).add(resultOf(0));
    await appendFile(other, '{"table":"raw"}\n');
    await expect(CopyState.open(other, identity)).rejects.toThrow('line 3 is damaged');
    await writeFile(other, 'name: views\n');
    await expect(CopyState.open(other, identity)).rejects.toThrow('not a state file');
  });

  it('says what is wrong with a path that cannot be used', async () => {
    await expect(CopyState.open(directory, identity)).rejects.toMatchObject({
      code: 'HW_CLI_COPY_STATE',
      message: expect.stringContaining('name another file with --state'),
    });
  });
});
