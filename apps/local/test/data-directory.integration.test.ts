import { damage, modesIn, SeededRandom, underUmask } from '@highwater/testkit';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDirectory } from '../src/data-directory.ts';
import { DataDirectoryError } from '../src/errors.ts';

let parent = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'highwater-data-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

describe('openDataDirectory', () => {
  it('creates missing files, and keeps existing ones', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      await writeFile(join(data.state, 'checkpoint'), '1');
    }
    await using data = await openDataDirectory(path, false);
    expect(await readdir(data.state)).toEqual(['checkpoint']);
  });

  it('removes the files of a stack on a fresh start, and keeps compiled code', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      const names = ['', '.wal', '.wal.checkpoint', '.queries', '.queries.wal', '.functions.tmp'];
      for (const name of names) await writeFile(join(path, `timestream.duckdb${name}`), '1');
      await mkdir(join(path, 'kinesis'));
      await mkdir(data.cache);
      await writeFile(join(data.state, 'checkpoint'), '1');
      await writeFile(join(data.logs, 'aggregator.log'), '1');
    }
    await using data = await openDataDirectory(path, true);
    expect((await readdir(path)).toSorted()).toEqual([
      'cache',
      'dead-letters',
      'highwater-local.json',
      'logs',
      'stack.pid',
      'state',
    ]);
    expect([...(await readdir(data.state)), ...(await readdir(data.logs))]).toEqual([]);
  });

  it('removes nothing if there are other files, and names them', async () => {
    const path = join(parent, 'data');
    {
      await using data = await openDataDirectory(path, false);
      await writeFile(join(data.state, 'checkpoint'), '1');
    }
    for (let at = 10; at < 22; at += 1) await writeFile(join(path, `own-${at}`), '1');
    await expect(openDataDirectory(path, true)).rejects.toThrow(
      /\(own-10, own-11, .*, own-19, and 2 more\), so nothing was removed; move them away, or set --data-dir to another/,
    );
    expect(await readdir(join(path, 'state'))).toEqual(['checkpoint']);
    // The rejected start does not hold the directory, and without --fresh it can be used.
    await using data = await openDataDirectory(path, false);
    expect(await readdir(data.path)).toContain('own-21');
  });

  it('removes a link, but not its target', async () => {
    const path = join(parent, 'data');
    await (await openDataDirectory(path, false))[Symbol.asyncDispose]();
    const elsewhere = join(parent, 'elsewhere');
    await mkdir(elsewhere, { mode: 0o755 });
    await writeFile(join(elsewhere, 'thesis.txt'), 'years of work');
    await symlink(elsewhere, join(path, 'kinesis'));
    await rm(join(path, 'state'), { recursive: true });
    await symlink(elsewhere, join(path, 'state'));
    await using data = await openDataDirectory(path, true);
    expect(await readdir(path)).not.toContain('kinesis');
    expect(await readdir(data.state)).toEqual([]);
    expect(await readdir(elsewhere)).toEqual(['thesis.txt']);
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o755);
  });

  it.each([0o022, 0])('can be accessed only by its owner, under the umask %o', async (umask) => {
    using _mask = underUmask(umask);
    const path = join(parent, 'data');
    await (await openDataDirectory(path, false))[Symbol.asyncDispose]();
    // As an earlier release has left it.
    await chmod(join(path, 'logs'), 0o755);
    await using _data = await openDataDirectory(path, false);
    expect(await modesIn(parent)).toEqual({
      data: '700',
      'data/dead-letters': '700',
      'data/highwater-local.json': '600',
      'data/logs': '700',
      'data/stack.pid': '600',
      'data/state': '700',
    });
  });

  // Goal: no damage of marker or lock lets two stacks into one directory, or empties a foreign one.
  // Method: thousands of damages of either while a stack runs. Each start must be rejected, or the
  // lock still names the process.
  it.each(['stack.pid', 'highwater-local.json'])(
    'still belongs to one stack when %s is damaged',
    async (name) => {
      const path = join(parent, 'data');
      await using data = await openDataDirectory(path, false);
      await writeFile(join(data.state, 'checkpoint'), '1');
      const content = await readFile(join(path, name));
      const lock = await readFile(join(path, 'stack.pid'));
      const random = new SeededRandom(`damage of ${name}`);
      const isLock = name === 'stack.pid';
      const taken: string[] = [];
      // A missing lock is not a lock, because removing it is how it is released.
      for (let at = isLock ? 1 : 0; at < 2_000; at += 1) {
        const { what, bytes } = damage(content, at, random);
        if (bytes) await writeFile(join(path, name), bytes);
        else await rm(join(path, name));
        const opened = await openDataDirectory(path, true).catch((error: unknown) => error);
        if (!(opened instanceof DataDirectoryError)) taken.push(what);
        await writeFile(join(path, name), content);
        await writeFile(join(path, 'stack.pid'), lock);
      }
      expect(taken).toEqual([]);
      expect(await readdir(data.state)).toEqual(['checkpoint']);
    },
  );

  it.each([true, false])(
    'rejects a foreign directory and does not touch it (fresh: %j)',
    async (isFresh) => {
      await writeFile(join(parent, 'thesis.txt'), 'years of work');
      await expect(openDataDirectory(parent, isFresh)).rejects.toThrow('it contains other files');
      expect(await readdir(parent)).toEqual(['thesis.txt']);
    },
  );

  it('rejects a directory in which a stack runs, and does not empty it', async () => {
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
      // No process has this number, because it is above the kernel's maximum.
      await writeFile(join(data.path, 'stack.pid'), '4194305\n4194305\n');
      await expect(openDataDirectory(path, false)).resolves.toBeDefined();
    }
  });
});
