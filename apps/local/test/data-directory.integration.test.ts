import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDirectory } from '../src/data-directory.ts';

let parent = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'highwater-data-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

describe('openDataDirectory', () => {
  it('makes what is missing, and keeps what is there', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      await writeFile(join(data.state, 'checkpoint'), '1');
    }
    await using data = await openDataDirectory(path, false);
    expect(await readdir(data.state)).toEqual(['checkpoint']);
  });

  it('empties a directory of its own when it is to be fresh', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      await writeFile(join(data.path, 'rows'), '1');
      await mkdir(data.cache);
      await writeFile(join(data.state, 'checkpoint'), '1');
    }
    await using data = await openDataDirectory(path, true);
    expect(await readdir(data.state)).toEqual([]);
    expect(await readdir(data.path)).not.toContain('rows');
    expect(await readdir(data.path)).toContain('cache');
  });

  it.each([true, false])(
    'refuses a foreign directory and leaves it alone (fresh: %j)',
    async (isFresh) => {
      await writeFile(join(parent, 'thesis.txt'), 'years of work');
      await expect(openDataDirectory(parent, isFresh)).rejects.toThrow('files that are not ours');
      expect(await readdir(parent)).toEqual(['thesis.txt']);
    },
  );

  it('refuses a directory in which a stack runs, and does not empty it', async () => {
    const path = join(parent, 'data');
    await using data = await openDataDirectory(path, false);
    await writeFile(join(data.state, 'checkpoint'), '1');
    await expect(openDataDirectory(path, true)).rejects.toThrow(
      `process ${process.pid} runs a stack in it`,
    );
    expect(await readdir(data.state)).toEqual(['checkpoint']);
  });

  it('takes over from a stack that was killed', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      // No process has this number: it is above the kernel's greatest.
      await writeFile(join(data.path, 'stack.pid'), '4194305\n');
      await expect(openDataDirectory(path, false)).resolves.toBeDefined();
    }
  });
});
