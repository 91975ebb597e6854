import type { DeadLetter } from '@highwater/model';
import { silentLogger } from '@highwater/testkit';
import type * as fileSystem from 'node:fs/promises';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadLetterFiles, deadLettersBytes, FileDeadLetters } from '../src/index.ts';

/**
 * Counts the changes that dead letters make to the disk. From a given change on, the process is
 * dead.
 */
const disk = vi.hoisted(() => ({ changes: [] as string[], dieAt: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>();
  const change = (call: string) => {
    disk.changes.push(call);
    if (disk.changes.length > disk.dieAt) throw new Error('the process is gone');
  };
  const changing = new Set<PropertyKey>(['write', 'datasync', 'sync']);
  const watched = (handle: fileSystem.FileHandle) =>
    new Proxy(handle, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (changing.has(name)) change(String(name));
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return {
    ...real,
    open: async (...[path, flags, mode]: Parameters<typeof real.open>) => {
      if (flags !== 'r') change(`open ${String(flags)}`);
      return watched(await real.open(path, flags, mode));
    },
    rename: async (from: string, to: string) => {
      change('rename');
      return real.rename(from, to);
    },
  };
});

const mebibyte = 1024 * 1024;
/** Two of them fit in a file, three don't. */
const payload = new Uint8Array(300_000).fill(0x31);

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-rotation-'));
});
afterEach(async () => {
  disk.dieAt = Number.POSITIVE_INFINITY;
  await rm(directory, { recursive: true });
});

const letter = (detail: string): DeadLetter => ({
  stage: 'aggregator',
  reason: 'not_json',
  detail,
  payload,
  stream: 'raw',
  shardId: 's',
  sequenceNumber: '7',
  arrivalTimeMs: 1_700_000_000_123,
});

const open = (registry = new Registry(), bytesMax = 8 * mebibyte) =>
  FileDeadLetters.open({
    directory,
    stage: 'aggregator',
    bytesMax,
    registry,
    log: silentLogger,
  });

/** The whole letters in all files, in file order. */
async function details(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name } of await deadLetterFiles(directory)) {
    for (const line of (await readFile(join(directory, name), 'utf8')).split('\n')) {
      if (line.endsWith('}')) found.push((JSON.parse(line) as DeadLetter).detail);
    }
  }
  return found;
}

const closedNames = async () =>
  (await deadLetterFiles(directory))
    .filter(({ closedMs }) => Number.isFinite(closedMs))
    .map(({ name }) => name);

async function discarded(registry: Registry): Promise<number> {
  const metric = await registry.getSingleMetric('highwater_dead_letters_discarded_total')?.get();
  return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
}

describe('files of dead letters', () => {
  it('are closed when they have grown, and keep every letter in order', async () => {
    const put = Array.from({ length: 9 }, (_, index) => String(index));
    await using letters = await open();
    for (const each of put) await letters.put([letter(each)]);
    expect(await details()).toEqual(put);
    const closed = await closedNames();
    expect(closed).toHaveLength(4);
    for (const name of closed) {
      const { size, mode } = await stat(join(directory, name));
      expect(size).toBeLessThanOrEqual(mebibyte);
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('include only the files of their own service', async () => {
    await writeFile(join(directory, 'aggregator-2.ndjson'), 'x'.repeat(8 * mebibyte));
    await writeFile(join(directory, 'other.7.ndjson'), 'x'.repeat(8 * mebibyte));
    const registry = new Registry();
    await using letters = await open(registry);
    await letters.put([letter('kept')]);
    expect(await discarded(registry)).toBe(0);
  });

  it('share one limit; space that a person frees counts from the next letter on', async () => {
    const registry = new Registry();
    await using letters = await open(registry, 3 * mebibyte);
    for (const each of ['1', '2', '3', '4', '5', '6', '7', 'discarded']) {
      await letters.put([letter(each)]);
    }
    expect(await details()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(await discarded(registry)).toBe(1);
    expect(await deadLettersBytes(directory, 'aggregator')).toBeLessThanOrEqual(3 * mebibyte);

    const [first = '', second = ''] = await closedNames();
    await mkdir(join(directory, 'archive'));
    await rename(join(directory, first), join(directory, 'archive', first));
    await letters.put([letter('8')]);
    await letters.put([letter('9')]);
    await letters.put([letter('discarded')]);
    await rm(join(directory, second));
    await letters.put([letter('10')]);
    expect(await details()).toEqual(['5', '6', '7', '8', '9', '10']);
    expect(await discarded(registry)).toBe(2);
    // An archived file keeps its name to itself.
    expect(await closedNames()).not.toContain(first);
  });

  it('are closed in order, even when the clock is set back', async () => {
    await writeFile(join(directory, 'aggregator.99999999999999.ndjson'), '');
    await using letters = await open();
    for (const each of ['1', '2', '3', '4', '5']) await letters.put([letter(each)]);
    expect(await details()).toEqual(['1', '2', '3', '4', '5']);
    expect(await closedNames()).toEqual([
      'aggregator.99999999999999.ndjson',
      'aggregator.100000000000000.ndjson',
      'aggregator.100000000000001.ndjson',
    ]);
  });

  // Goal: no letter is lost or written twice when replicas close the same file. Method: two
  // replicas, each with puts in progress all the time.
  it('may be shared by replicas', async () => {
    const put = Array.from({ length: 24 }, (_, index) => String(index));
    await using one = await open(new Registry(), 64 * mebibyte);
    await using other = await open(new Registry(), 64 * mebibyte);
    for (let at = 0; at < put.length; at += 2) {
      await Promise.all([one.put([letter(put[at]!)]), other.put([letter(put[at + 1]!)])]);
    }
    const found = await details();
    expect(found.toSorted((a, b) => Number(a) - Number(b))).toEqual(put);
  });

  // Goal: a letter whose put resolved is in the files, whenever the process ends. Method: write
  // letters that fill several files, and let the disk fail before each change in turn. Then start
  // the process again.
  it('keep every acknowledged letter when the process ends before any step of closing a file', async () => {
    const put = ['1', '2', '3', '4', '5'];
    const run = async (dieAt: number) => {
      await rm(directory, { recursive: true });
      await mkdir(directory);
      Object.assign(disk, { changes: [], dieAt });
      const answered: string[] = [];
      try {
        const letters = await open();
        for (const each of put) {
          await letters.put([letter(each)]);
          answered.push(each);
        }
        await letters[Symbol.asyncDispose]();
      } catch {
        // The process ended here.
      }
      return answered;
    };
    await run(Number.POSITIVE_INFINITY);
    const steps = [...disk.changes];
    expect(steps.filter((step) => step === 'rename')).toHaveLength(2);
    for (let dieAt = 0; dieAt < steps.length; dieAt += 1) {
      const answered = await run(dieAt);
      disk.dieAt = Number.POSITIVE_INFINITY;
      const kept = await details().then((found) => found.slice(0, answered.length));
      expect(kept, `ended before ${steps[dieAt]}, change ${dieAt}`).toEqual(answered);

      await using letters = await open();
      for (const each of ['a', 'b', 'c']) await letters.put([letter(each)]);
      const found = await details();
      expect(found.slice(0, answered.length)).toEqual(answered);
      expect(found.slice(-3)).toEqual(['a', 'b', 'c']);
      expect(found.length - 3).toBeLessThanOrEqual(answered.length + 1);
    }
  });
});
