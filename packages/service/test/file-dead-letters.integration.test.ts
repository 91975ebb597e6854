import type { DeadLetter } from '@highwater/model';
import { fillDisk, modesIn, silentLogger, underUmask } from '@highwater/testkit';
import {
  appendFile,
  chmod,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, FileDeadLetters, systemClock } from '../src/index.ts';
import { DeadLettersError } from '../src/errors.ts';
import type { FileDeadLettersOptions } from '../src/file-dead-letters.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-dead-letters-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function letter(over: Partial<DeadLetter> = {}): DeadLetter {
  return {
    stage: 'aggregator',
    reason: 'not_json',
    detail: 'Unexpected token',
    payload: new Uint8Array([0xff, 0x00, 0x0a]),
    stream: 'highwater-raw',
    shardId: 'shardId-000000000000',
    sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
    arrivalTimeMs: 1_700_000_000_123,
    ...over,
  };
}

function open(registry = new Registry(), bytesMax = 1_000_000, over: Partial<Over> = {}) {
  const log = createLogger({ name: 'test', level: 'silent', clock: systemClock });
  const options = { directory, stage: 'aggregator', bytesMax, registry, log, ...over };
  return FileDeadLetters.open(options);
}

type Over = Pick<FileDeadLettersOptions, 'directory' | 'signal' | 'log'>;

/** A log that reports its errors. */
function listeningLog() {
  const logged = Promise.withResolvers<unknown>();
  const log = { ...silentLogger, error: ({ err }: { err?: unknown }) => logged.resolve(err) };
  return { log, logged: logged.promise };
}

async function metric(registry: Registry, name: string): Promise<number | undefined> {
  const values = await registry.getSingleMetric(`highwater_dead_letters_${name}`)?.get();
  return values?.values.reduce((sum, { value }) => sum + value, 0);
}

async function lines(): Promise<readonly string[]> {
  const text = await readFile(join(directory, 'aggregator.ndjson'), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

describe('FileDeadLetters', () => {
  it('stores everything needed to retry a record', async () => {
    await using letters = await open();
    await letters.put([letter()]);
    const [line = ''] = await lines();
    expect(JSON.parse(line)).toEqual({
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      time: expect.any(String) as string,
      stage: 'aggregator',
      reason: 'not_json',
      detail: 'Unexpected token',
      stream: 'highwater-raw',
      shardId: 'shardId-000000000000',
      sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
      arrivalTime: '2023-11-14T22:13:20.123Z',
      payload: '/wAK',
    });
  });

  it('lists once which elements of a record a letter is about, and counts them by reason', async () => {
    const registry = new Registry();
    await using letters = await open(registry);
    const elements = {
      refused: 3,
      ranges: [[0, 2]] as const,
      reasons: { future: 2, time_invalid: 1 },
    };
    await letters.put([letter({ elements })]);
    const [line = ''] = await lines();
    expect(JSON.parse(line)).toMatchObject({ elements, payload: '/wAK' });
    const counted = await registry.getSingleMetric('highwater_dead_letters_total')?.get();
    expect(counted?.values.map(({ labels, value }) => [labels['reason'], value])).toEqual([
      ['future', 2],
      ['time_invalid', 1],
    ]);
  });

  it('shortens texts that are longer than a person would read', async () => {
    await using letters = await open();
    await letters.put([letter({ detail: 'x'.repeat(100_000) })]);
    expect((await lines())[0]?.length).toBeLessThan(2_000);
  });

  it('creates files that only the owner can read, even when a file from before was open to all', async () => {
    const path = join(directory, 'aggregator.ndjson');
    await writeFile(path, '');
    await chmod(path, 0o644);
    await using letters = await open();
    await letters.put([letter()]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  describe('with full files', () => {
    it('keeps the existing letters, counts new ones, and continues', async () => {
      const registry = new Registry();
      await using letters = await open(registry, 800);
      const elements = { refused: 9, ranges: [[0, 8]] as const, reasons: { not_json: 9 } };
      await letters.put([letter({ detail: 'first' }), letter()]);
      expect(await metric(registry, 'discarded_total')).toBe(0);
      await letters.put([letter({ elements }), letter()]);
      await letters.put([letter()]);
      expect(await lines()).toHaveLength(2);
      expect(await metric(registry, 'discarded_total')).toBe(11);
      expect(await metric(registry, 'total')).toBe(13);
      const { size } = await stat(join(directory, 'aggregator.ndjson'));
      expect(await metric(registry, 'bytes')).toBe(size);
      expect(size).toBeLessThanOrEqual((await metric(registry, 'max_bytes')) ?? 0);
    });

    it('keeps letters again after a file was emptied or moved away', async () => {
      const path = join(directory, 'aggregator.ndjson');
      await using letters = await open(new Registry(), 800);
      const fill = () => letters.put([letter(), letter(), letter()]);
      await letters.put([letter(), letter()]);
      await fill();
      expect(await lines()).toHaveLength(2);
      await truncate(path);
      await letters.put([letter()]);
      expect(await lines()).toHaveLength(1);
      await rename(path, join(directory, 'aggregator.old'));
      await letters.put([letter(), letter()]);
      expect(await lines()).toHaveLength(2);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
  });

  describe('on a full disk', () => {
    it('reports the full disk, waits for space, and then writes every letter', async () => {
      const { log, logged } = listeningLog();
      const registry = new Registry();
      await using letters = await open(registry, 1_000_000, { log });
      await letters.put([letter({ detail: 'before' })]);
      let put: Promise<void>;
      {
        using _full = await fillDisk(20);
        put = letters.put([letter({ detail: 'waits' })]);
        expect(await logged).toMatchObject({
          message: `writing dead letters to ${join(directory, 'aggregator.ndjson')}: ENOSPC: no space left on device, write`,
        });
        expect(await metric(registry, 'total')).toBe(1);
      }
      await put;
      await letters.put([letter({ detail: 'after' })]);
      const found = (await lines()).filter((line) => line.endsWith('}'));
      const details = found.map((line) => (JSON.parse(line) as DeadLetter).detail);
      expect(details).toEqual(['before', 'waits', 'after']);
      expect(await metric(registry, 'total')).toBe(3);
    });

    it('stops waiting when the service is stopped; the records are not done', async () => {
      const { log, logged } = listeningLog();
      const stop = new AbortController();
      const registry = new Registry();
      await using letters = await open(registry, 1_000_000, { log, signal: stop.signal });
      using _full = await fillDisk();
      const put = letters.put([letter()]);
      await logged;
      stop.abort(new Error('stopped'));
      await expect(put).rejects.toThrow('writing dead letters to');
      await expect(letters.put([letter()])).rejects.toThrow(DeadLettersError);
      expect(await metric(registry, 'total')).toBe(0);
    });
  });

  it.each([0o022, 0])(
    'creates files that only its owner can access, under the umask %o',
    async (umask) => {
      using _mask = underUmask(umask);
      await using letters = await open(new Registry(), 1_000, {
        directory: join(directory, 'a', 'b'),
      });
      await letters.put([letter()]);
      expect(await modesIn(directory)).toEqual({
        a: '700',
        'a/b': '700',
        'a/b/aggregator.ndjson': '600',
      });
    },
  );

  it('writes a batch larger than a slice in whole lines', async () => {
    await using letters = await open(new Registry(), 1_000_000_000);
    const payload = new Uint8Array(1_000_000).fill(0x31);
    await letters.put(
      Array.from({ length: 12 }, (_, index) => letter({ detail: String(index), payload })),
    );
    const details = (await lines()).map((line) => JSON.parse(line) as DeadLetter);
    expect(details.map(({ detail }) => detail)).toEqual([...Array(12).keys()].map(String));
  });

  it('says which record of an aggregate a letter is about', async () => {
    await using letters = await open();
    await letters.put([letter({ subSequenceNumber: 0 })]);
    const [line = ''] = await lines();
    expect(JSON.parse(line)).toMatchObject({ subSequenceNumber: 0 });
  });

  it('has the letter in the file when put resolves', async () => {
    await using letters = await open();
    for (let count = 1; count <= 5; count += 1) {
      await letters.put([letter()]);
      expect(await lines()).toHaveLength(count);
    }
  });

  it('keeps the letters of concurrent puts whole and in order', async () => {
    await using letters = await open();
    const puts = Array.from({ length: 200 }, (_, index) =>
      letters.put([letter({ detail: `${index}a` }), letter({ detail: `${index}b` })]),
    );
    await Promise.all(puts);
    const details = (await lines()).map((line) => (JSON.parse(line) as DeadLetter).detail);
    expect(details).toEqual(puts.flatMap((_, index) => [`${index}a`, `${index}b`]));
  });

  it('appends to the file of an earlier run', async () => {
    {
      await using letters = await open();
      await letters.put([letter()]);
    }
    await using letters = await open();
    await letters.put([letter()]);
    expect(await lines()).toHaveLength(2);
  });

  it('starts a new line after a line that a crash has torn', async () => {
    await appendFile(join(directory, 'aggregator.ndjson'), '{"time":"20');
    await using letters = await open();
    await letters.put([letter({ detail: 'whole' })]);
    const [torn, whole = ''] = await lines();
    expect(torn).toBe('{"time":"20');
    expect(JSON.parse(whole)).toMatchObject({ detail: 'whole' });
  });

  it('counts letters by stage and reason', async () => {
    const registry = new Registry();
    await using letters = await open(registry);
    await letters.put([letter(), letter(), letter({ reason: 'too_large' })]);
    const text = await registry.metrics();
    expect(text).toContain(
      'highwater_dead_letters_total{stage="aggregator",reason="not_json"} 2\n',
    );
    expect(text).toContain(
      'highwater_dead_letters_total{stage="aggregator",reason="too_large"} 1\n',
    );
  });

  it('finishes the puts in progress before it closes', async () => {
    const letters = await open();
    const put = letters.put([letter()]);
    await letters[Symbol.asyncDispose]();
    await put;
    expect(await lines()).toHaveLength(1);
  });
});
