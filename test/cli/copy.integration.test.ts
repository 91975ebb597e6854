import {
  filledVersion,
  upsertVersion,
  type OpenStore,
  type Row,
  type RowReader,
  type StoreTable,
} from '@highwater/model';
import { openPostgresReader } from '@highwater/postgres';
import { loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore, readerConfig, storeConfig } from '@highwater/stores';
import { silentLogger } from '@highwater/testkit';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copyCommand } from '../../apps/cli/src/copy/copy-command.ts';
import {
  startTimestreamLocal,
  type TimestreamLocal,
} from '../../apps/timestream-local/src/index.ts';
import { runCommand } from '../../apps/cli/test/run-command.ts';
import { fillStoreForReading, type FilledStore } from '../store-contract/filled-store.ts';
import { addressOf, openTable } from '../store-contract/postgres-fixture.ts';
import { rowText } from '../store-contract/reader-contract.ts';
import { copyOneRange, filledTexts, readTexts } from './copy-runs.ts';
import { temporaryPostgres, type TemporaryPostgres } from '../store-contract/temporary-postgres.ts';

// Goal: after a copy, a reader of the target sees what a reader of the source sees, whatever ended the
// command before. Method: the command between real stores with rows of every kind.

const { signal } = new AbortController();
const dayMs = 86_400_000;
const source = 'timestream://highwater/metrics';

const stack = new AsyncDisposableStack();
let directory: string;
let timestream: TimestreamLocal;
let postgres: TemporaryPostgres['server'];
let filled: FilledStore;

beforeAll(async () => {
  directory = stack.use(await mkdtempDisposable(join(tmpdir(), 'highwater-copy-'))).path;
  timestream = stack.use(await startTimestreamLocal());
  ({ server: postgres } = stack.use(await temporaryPostgres()));
  filled = await fillStoreForReading({ open: openTimestreamTable, seed: 'copy' });
});
afterAll(() => stack.disposeAsync());

function openTimestreamTable(table: StoreTable): Promise<OpenStore> {
  const config = loadConfig(storeConfig, {
    HW_STORE: source,
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: timestream.endpoint,
  });
  const metrics = defineStoreMetrics(new Registry());
  const ports = { clock: systemClock, log: silentLogger, random: systemRandom };
  return openStore(config, table, { ...ports, metrics, signal });
}

/** The URL of a schema of its own, without the password. */
function postgresUrl(schema: string): string {
  const url = new URL(postgres.url);
  url.password = '';
  url.searchParams.set('schema', schema);
  return url.href;
}

function settings(changes: Readonly<Record<string, string>> = {}) {
  const { password } = new URL(postgres.url);
  return {
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: timestream.endpoint,
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: timestream.endpoint,
    HW_COPY_FROM_PASSWORD: password,
    HW_COPY_TO_PASSWORD: password,
    HW_STATE_DIR: directory,
    ...changes,
  };
}

/** Runs the command in this process. */
async function run(words: readonly string[], changes: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(settings(changes))) vi.stubEnv(name, value);
  try {
    return await runCommand(copyCommand({ write: () => undefined }), ...words);
  } finally {
    vi.unstubAllEnvs();
  }
}

async function withReader<T>(url: string, read: (reader: RowReader) => Promise<T>): Promise<T> {
  const limits = { requestsInFlightMax: 2, requestTimeoutMs: 60_000, clock: systemClock };
  if (url.startsWith('timestream:')) {
    const config = loadConfig(readerConfig, {
      HW_STORE: url,
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: timestream.endpoint,
    });
    await using reader = await openReader(config, limits);
    return await read(reader);
  }
  const schema = new URL(url).searchParams.get('schema') ?? '';
  await using reader = await openPostgresReader(addressOf(postgres, { schema }), limits);
  return await read(reader);
}

/** Every row of a store, as text. */
function rowsOf(url: string, { hasVersions = false } = {}) {
  return withReader(url, (reader) => readTexts(reader, hasVersions));
}

function filledRows() {
  return filledTexts(filled, false);
}

describe('highwater copy', () => {
  it('copies every row from Timestream to PostgreSQL and back, and a second run changes nothing', async () => {
    const [there, back] = [postgresUrl('whole'), 'timestream://returned/metrics'];
    const options = ['--from', source, '--to', there, '--chunk', '10m'];
    const copied = await run(options);
    expect(copied).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/(\d+) of \1 ranges agree/),
    });
    expect(await rowsOf(there)).toEqual(filledRows());

    const versions = await rowsOf(there, { hasVersions: true });
    expect(await run(options)).toMatchObject({ exitCode: 0, out: copied.out });
    expect(await rowsOf(there, { hasVersions: true })).toEqual(versions);
    // Without its state, it writes every row once more.
    const anew = await run([...options, '--state', join(directory, 'anew.jsonl')]);
    expect(anew).toMatchObject({ exitCode: 0, out: copied.out });
    expect(await rowsOf(there)).toEqual(filledRows());

    expect(await run(['--from', there, '--to', back])).toMatchObject({ exitCode: 0 });
    expect(await rowsOf(back)).toEqual(filledRows());
  });

  it('copies the same rows when it is killed after each range', async () => {
    const there = postgresUrl('killed');
    const state = join(directory, 'killed.jsonl');
    const options = ['--from', source, '--to', there, '--chunk', '15m'];
    let killsCount = 0;
    while (!(await copyOneRange(options, state, settings()))) killsCount += 1;
    expect(killsCount).toBeGreaterThan(3);
    expect(await run([...options, '--state', state])).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/(\d+) of \1 ranges agree/),
    });
    expect(await rowsOf(there)).toEqual(filledRows());
  });

  it('lets the services replace what it copied, and replaces no row of theirs', async () => {
    const there = postgresUrl('services');
    const views = filled.written.views.filter(({ measureName }) => measureName === 'avg_cpu_user');
    const [stale, corrected, orphan] = views as [Row, Row, Row];
    const complete = { viewRevision: 1, kind: 'complete', contributions: 1 } as const;
    await using store = await openTable(postgres, 'views', { address: { schema: 'services' } });
    const written = { ...stale, measureValue: '-1', version: upsertVersion(complete) };
    await store.write([written], signal);
    const words = ['--from', source, '--to', there, '--table', 'raw', 'views'];
    expect(await run(words)).toMatchObject({ exitCode: 0 });
    const outcomes = await store.write(
      [
        { ...corrected, measureValue: '-2', version: upsertVersion(complete) },
        { ...orphan, version: upsertVersion({ ...complete, kind: 'orphan', contributions: 1e9 }) },
        {
          ...orphan,
          version: filledVersion({ viewRevision: 1, gapWindows: 1, contributions: 2 }),
        },
      ],
      signal,
    );
    expect(outcomes).toMatchObject([
      { status: 'written' },
      { status: 'already_newer' },
      { status: 'already_newer' },
    ]);
    const found = await rowsOf(there);
    expect(found['views']).toContain(rowText(written, false));
    expect(found['views']).toContain(rowText({ ...corrected, measureValue: '-2' }, false));
    expect(found['corrections']).toEqual([]);
    // A point that arrives later replaces the copied one, as it would have replaced the first.
    await using raw = await openTable(postgres, 'raw', { address: { schema: 'services' } });
    const [point] = filled.written.raw as readonly [Row];
    const later = { ...point, version: Date.now() };
    expect(await raw.write([later], signal)).toMatchObject([{ status: 'written' }]);
  });

  it('counts and lists the rows that the target refuses, and copies them when it no longer does', async () => {
    const from = postgresUrl('history');
    const nowMs = Date.now();
    {
      await using store = await openTable(postgres, 'raw', {
        address: { schema: 'history' },
        retentionDays: 10,
      });
      const rows = [nowMs - 5 * dayMs, nowMs - 5 * dayMs + 1, nowMs - 60_000].map(pointAt);
      await store.write(rows, signal);
    }
    const young = 'timestream://young/metrics';
    const refusing = await run(['--from', from, '--to', young, '--chunk', '1d'], {
      HW_TIMESTREAM_MAGNETIC_WRITES: 'false',
    });
    expect(refusing.exitCode).toBe(1);
    expect(refusing.out).toMatch(/raw .* 2 +0 +differ: 2 refused\n/);
    expect(refusing.out).toMatch(/raw .* 1 +1 +agree\n/);
    expect(refusing.out).toMatch(/time_out_of_range: 2, for example: /);
    expect(refusing.err).toMatch(/1 of \d ranges differ/);
    const taking = ['--from', from, '--to', postgresUrl('young'), '--chunk', '1d'];
    const short = await run(taking, { HW_STORE_RAW_DAYS: '3' });
    expect(short).toMatchObject({ exitCode: 1, out: expect.stringContaining('differ: 2 refused') });
    expect(await run(taking, { HW_STORE_RAW_DAYS: '10' })).toMatchObject({ exitCode: 0 });
    expect(await rowsOf(postgresUrl('young'))).toEqual(await rowsOf(from));
  });

  it('copies the tables and the time that are asked for, and tells of more rows in the target', async () => {
    const there = postgresUrl('part');
    const { fromMs } = filled;
    const time = (minutes: number) => new Date(fromMs + minutes * 60_000).toISOString();
    const span = ['--from-time', time(10), '--to-time', time(20), '--table', 'views'];
    const options = ['--from', source, '--to', there, ...span];
    expect(await run(options)).toMatchObject({ exitCode: 0 });
    const { views = [], ...others } = await rowsOf(there);
    const timesMs = filled.written.views.map(({ time: text }) => Number(text) - fromMs);
    expect(views).toHaveLength(
      timesMs.filter((ms) => 10 * 60_000 <= ms && ms < 20 * 60_000).length,
    );
    expect(others).toEqual({ raw: [], corrections: [] });
    await using store = await openTable(postgres, 'views', { address: { schema: 'part' } });
    await store.write([pointAt(fromMs + 15 * 60_000)], signal);
    const again = await run([...options, '--state', join(directory, 'part.jsonl')]);
    expect(again).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('differ: 1 more in the target'),
    });
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['a URL', ['--from', 'mysql://a', '--to', source], {}, '--from is not a URL of a store'],
    ['a duration', ['--chunk', 'an hour'], {}, '--chunk is not a duration'],
    ['a time', ['--from-time', 'yesterday'], {}, '--from-time is not a time'],
    [
      'two times',
      ['--from-time', '2026-01-02T00:00Z', '--to-time', '2026-01-01T00:00Z'],
      {},
      '--from-time is not before --to-time',
    ],
    [
      'one table twice',
      ['--to', 'timestream://highwater/other'],
      {},
      'have the same table for corrections',
    ],
    [
      'a source without rows',
      ['--from', 'timestream://highwater/empty', '--table', 'raw'],
      {},
      'it has no rows of raw',
    ],
    ['a wrong password', [], { HW_COPY_TO_PASSWORD: 'wrong' }, 'password authentication failed'],
    [
      'two passwords',
      [],
      { HW_COPY_TO_PASSWORD_FILE: 'file' },
      'HW_COPY_TO_PASSWORD and HW_COPY_TO_PASSWORD_FILE are set',
    ],
    ['a missing file', [], { HW_VIEWS: 'none.yaml' }, 'none.yaml'],
  ])('explains what is wrong with %s', async (_, words, changes, message) => {
    const options = ['--from', source, '--to', postgresUrl('wrong')];
    expect(await run([...options, ...words], changes)).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringContaining(message),
    });
  });

  it('never shows a password that is in a URL', async () => {
    const ran = await run(['--from', source, '--to', 'postgres://user:s3cret@127.0.0.1/database']);
    expect(ran).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--to contains a password'),
    });
    expect(ran.err).not.toContain('s3cret');
  });
});

function pointAt(timeMs: number): Row {
  return {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    measureValue: '0.1',
    dimensions: [{ name: 'host', value: 'alpha' }],
    time: String(timeMs),
    timeUnit: 'MILLISECONDS',
    version: timeMs,
  };
}
