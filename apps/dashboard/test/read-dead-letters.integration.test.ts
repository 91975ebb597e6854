import { FileDeadLetters, createLogger, systemClock } from '@highwater/service';
import type { DeadLetter } from '@highwater/model';
import { damage, SeededRandom } from '@highwater/testkit';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDeadLetters } from '../src/dead-letters/read-dead-letters.ts';
import { readNewestLines } from '../src/dead-letters/read-newest-lines.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-letters-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

function letter(over: Partial<DeadLetter> = {}): DeadLetter {
  return {
    stage: 'aggregator',
    reason: 'not_json',
    detail: 'bad',
    payload: Buffer.from('{"a":'),
    stream: 'highwater-raw',
    shardId: 'shardId-000000000000',
    sequenceNumber: '7',
    arrivalTimeMs: 1_700_000_000_123,
    ...over,
  };
}

async function put(...letters: readonly DeadLetter[]): Promise<void> {
  await using file = await FileDeadLetters.open({
    directory,
    stage: 'aggregator',
    bytesMax: 100_000_000,
    registry: new Registry(),
    log: createLogger({ name: 'test', level: 'silent', clock: systemClock }),
  });
  for (const each of letters) await file.put([each]);
}

/** For more damages: `HW_DAMAGES=100000`. */
const damagesCount = Number(process.env['HW_DAMAGES'] ?? 2_000);

describe('the dead letters shown on the page', () => {
  it('are those that the services write', async () => {
    await put(letter());
    const { letters } = await readDeadLetters(directory, { limit: 5 });
    expect(letters).toMatchObject([
      { reason: 'not_json', payload: { kind: 'text', text: '{"a":', sizeBytes: 5 } },
    ]);
  });

  // Goal: a person sees letters in order, whichever files they are in. Method: the same letters in
  // one file, and divided into closed files, one of them empty.
  it('include those of closed files, in order', async () => {
    const details = Array.from({ length: 9 }, (_, index) => `letter ${index}`);
    await put(...details.map((detail) => letter({ detail })));
    const path = join(directory, 'aggregator.ndjson');
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => `${line}\n`);
    await writeFile(join(directory, 'aggregator.9.ndjson'), lines.slice(0, 3));
    await writeFile(join(directory, 'aggregator.10.ndjson'), '');
    await writeFile(join(directory, 'aggregator.11.ndjson'), [...lines.slice(3, 6), 'torn']);
    await writeFile(path, lines.slice(6, 9));
    const { letters, unreadable } = await readDeadLetters(directory, { limit: 20 });
    expect(letters.map(({ detail }) => detail)).toEqual(details.toReversed());
    expect(unreadable).toEqual([{ file: 'aggregator.11.ndjson', linesCount: 1 }]);
  });

  it('are the newest first, of the chosen stage and reason, with advice for each', async () => {
    const kept = (stage: string, time: string, reason: string) => {
      const { payload: _, ...rest } = letter({ stage });
      return JSON.stringify({ ...rest, reason, time, arrivalTime: time, payload: 'e30=' });
    };
    await writeFile(
      join(directory, 'aggregator.ndjson'),
      `${kept('aggregator', '2026-01-01T00:00:01Z', 'not_json')}\n${kept('aggregator', '2026-01-01T00:00:03Z', 'unheard_of')}\n`,
    );
    await writeFile(
      join(directory, 'raw-writer.ndjson'),
      `${kept('raw-writer', '2026-01-01T00:00:02Z', 'not_json')}\n`,
    );
    await writeFile(join(directory, 'notes.txt'), 'not a letter\n');
    const timesOf = async (request: Parameters<typeof readDeadLetters>[1]) =>
      (await readDeadLetters(directory, request)).letters.map(({ time }) => time.slice(17, 19));
    expect(await timesOf({ limit: 5 })).toEqual(['03', '02', '01']);
    expect(await timesOf({ limit: 5, stage: 'aggregator' })).toEqual(['03', '01']);
    expect(await timesOf({ limit: 5, reason: 'not_json' })).toEqual(['02', '01']);
    const { letters, isTruncated, reasons, unreadable } = await readDeadLetters(directory, {
      limit: 2,
    });
    expect(isTruncated).toBe(true);
    expect(letters[0]?.advice).toMatch(/^Read the detail\./);
    expect(letters[1]?.advice).toMatch(/corrected text/);
    expect(unreadable).toEqual([]);
    expect(reasons).toHaveLength(3);
  });

  it('are empty if no service has written any', async () => {
    expect(await readDeadLetters(join(directory, 'none'), { limit: 5 })).toEqual({
      letters: [],
      isTruncated: false,
      reasons: [],
      unreadable: [],
    });
  });

  it('include those of an earlier release, even among torn lines', async () => {
    const path = join(directory, 'aggregator.ndjson');
    const { payload: _, ...old } = letter();
    const kept = { ...old, time: '2025', arrivalTime: '2025', payload: 'e30=' };
    await writeFile(path, `{"time":"20\n${JSON.stringify(kept)}\n\n{"time":`);
    const { letters, unreadable } = await readDeadLetters(directory, { limit: 5 });
    expect(letters).toMatchObject([{ payload: { kind: 'json', text: '{}', sizeBytes: 2 } }]);
    expect(unreadable).toEqual([{ file: 'aggregator.ndjson', linesCount: 2 }]);
  });

  // Goal: nobody resends a record that was never sent. Method: a file of letters, including a long
  // one, damaged in thousands of ways. Each shown letter was written, and other lines are counted.
  // Text that is cut off at the end of a line cannot be noticed.
  it('are unchanged, or are counted by file', async () => {
    const path = join(directory, 'aggregator.ndjson');
    const payload = Buffer.alloc(40_000, '{"measure":1}');
    await put(letter({ detail: 'first' }), letter({ detail: 'long', payload }), letter());
    const written = await readFile(path);
    const before = await readDeadLetters(directory, { limit: 10 });
    const truth = new Set(before.letters.map((each) => JSON.stringify(each)));
    const random = new SeededRandom('dead-letters');
    const silent: string[] = [];
    for (let at = 0; at < damagesCount; at += 1) {
      const { what, bytes } = damage(written, at, random);
      if (bytes) await writeFile(path, bytes);
      else await rm(path);
      const { letters, unreadable } = await readDeadLetters(directory, { limit: 10 });
      const isForged = letters.some((each) => !truth.has(JSON.stringify(each)));
      const isCut = bytes === undefined || bytes.length < written.length;
      const isMissing = letters.length < truth.size && unreadable.length === 0 && !isCut;
      if (isForged || isMissing) silent.push(what);
    }
    expect(silent).toEqual([]);
  });

  it('show the rejected elements of a large record, and not the record', async () => {
    const elements = Array.from({ length: 60_000 }, (_, index) => `{"n":${index}}`);
    const payload = Buffer.from(`[${elements.join(',')}]`);
    const refused = {
      refused: 3,
      ranges: [
        [1, 1],
        [4, 5],
      ],
      reasons: { future: 2, time_invalid: 1 },
    } as const;
    await put(letter({ reason: 'future', elements: refused, payload }));
    const { letters, reasons } = await readDeadLetters(directory, {
      limit: 5,
      reason: 'time_invalid',
    });
    expect(letters).toMatchObject([
      {
        elements: refused,
        payload: { text: '{"n":1}\n{"n":4}\n{"n":5}', sizeBytes: payload.length, elementsShown: 3 },
      },
    ]);
    expect(reasons.map(({ reason }) => reason).toSorted()).toEqual(['future', 'time_invalid']);
  });

  it.each([99_998, 99_999, 100_000])('know the size of a record of %i bytes', async (sizeBytes) => {
    await put(letter({ payload: Buffer.alloc(sizeBytes, 'é') }));
    const { letters } = await readDeadLetters(directory, { limit: 5 });
    expect(letters[0]?.payload.sizeBytes).toBe(sizeBytes);
    expect(letters[0]?.payload.text).toMatch(/^é+$/);
  });

  it('are the newest of a long file of long lines', async () => {
    const long = letter({ payload: Buffer.alloc(1_500_000, 0x31) });
    await put(letter({ detail: 'first' }), long, long, letter({ detail: 'last' }));
    const { letters } = await readDeadLetters(directory, { limit: 5 });
    expect(letters.map(({ detail }) => detail).toSorted()).toEqual(['bad', 'bad', 'first', 'last']);
  });
});

describe('readNewestLines', () => {
  it('reads lines from the end, within its limits', async () => {
    const path = join(directory, 'lines');
    const lines = Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(30_000, 'x'));
    await writeFile(path, `${lines.join('\n')}\n`);
    const read = async (limits: object) =>
      (await readNewestLines([path], limits)).map(({ head, bytes }) => [
        parseInt(head.toString(), 10),
        head.length,
        bytes,
      ]);
    expect(await read({ linesMax: 2, headBytesMax: 100 })).toEqual([
      [99, 100, 30_000],
      [98, 100, 30_000],
    ]);
    expect(await read({})).toHaveLength(100);
    expect(await read({ keptBytesMax: 90_000 })).toHaveLength(3);
    expect((await read({ scannedBytesMax: 1 })).length).toBeLessThan(40);
    expect(await readNewestLines([path, path], { linesMax: 150 })).toHaveLength(150);
    expect((await readNewestLines([path, path], { scannedBytesMax: 1 })).length).toBeLessThan(40);
    await appendFile(path, 'no newline yet');
    expect(await read({ linesMax: 1 })).toEqual([[Number.NaN, 14, 14]]);
    await truncate(path);
    expect(await read({})).toEqual([]);
  });
});
