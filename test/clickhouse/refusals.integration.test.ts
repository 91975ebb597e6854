import { systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics, type StoreOptions } from '@highwater/store-kit';
import { silentLogger } from '@highwater/testkit';
import { inspect } from 'node:util';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  openClickhouseReader,
  openClickhouseStore,
  type ClickhouseLogin,
} from '@highwater/clickhouse';
import { localhostCertFile, localhostTls } from '../tls/localhost.ts';
import { startScriptedServer, type ScriptedReply } from './scripted-server.ts';

const { signal } = new AbortController();

const row = {
  measureName: 'cpu',
  measureValueType: 'DOUBLE',
  measureValue: '1',
  dimensions: [{ name: 'host', value: 'a' }],
  time: String(Date.now()),
  timeUnit: 'MILLISECONDS',
  version: 1,
} as const;

function loginTo(
  { port }: { readonly port: number },
  overrides: Partial<ClickhouseLogin> = {},
): ClickhouseLogin {
  return {
    engine: 'clickhouse',
    host: '127.0.0.1',
    port,
    database: 'hw',
    user: 'writer',
    tls: 'off',
    password: async () => 'secret',
    ...overrides,
  };
}

function optionsOf(overrides: Partial<StoreOptions> = {}): StoreOptions {
  return {
    table: 'raw',
    mayCreate: false,
    retentionDays: 30,
    requestsInFlightMax: 1,
    requestTimeoutMs: 30_000,
    giveUpAfterMs: 60_000,
    clock: systemClock,
    log: silentLogger,
    metrics: defineStoreMetrics(new Registry()),
    random: systemRandom,
    signal,
    ...overrides,
  };
}

function said(code: number, type: string, text: string, status = 500): ScriptedReply {
  return { status, body: `Code: ${code}. DB::Exception: ${text}. (${type}) (version 25.8.1.1)` };
}

const allColumns = `measure_name\tLowCardinality(String)
series_id\tUInt128
value_type\tString
dimensions\tMap(String, String)
registered_at\tDateTime(\\'UTC\\')
time\tDateTime64(9, \\'UTC\\')
value\tNullable(Float64)
value_int\tNullable(Int64)
value_text\tNullable(String)
value_bool\tNullable(Bool)
attributes\tMap(LowCardinality(String), String)
version\tUInt64`;

/** What a server says while a store is opened whose tables are there. */
function replyWhenReady(statement: string): ScriptedReply {
  const replies: readonly (readonly [RegExp, string])[] = [
    [/version\(\)/, '25.8.1.1'],
    [/'highwater_migrations'/, 'highwater_migrations'],
    [/max\(version\)/, '1'],
    [/sorting_key .*'raw_series'/, `ReplacingMergeTree(registered_at)\tmeasure_name, series_id`],
    [/sorting_key/, `ReplacingMergeTree(version)\tmeasure_name, series_id, time`],
    [/system\.columns/, allColumns],
    [/engine_full/, 'ReplacingMergeTree(version) TTL time + toIntervalDay(30)'],
  ];
  const [, body = ''] = replies.find(([pattern]) => pattern.test(statement)) ?? [];
  return { status: 200, body: body && `${body}\n` };
}

const isInsertOfRows = (statement: string) => /^INSERT INTO `hw`.`raw` .*RowBinary/.test(statement);

describe('a store over ClickHouse', () => {
  it.each<[string, ScriptedReply | undefined, string]>([
    ['has too many parts', said(252, 'TOO_MANY_PARTS', 'Too many parts (3001)'), 'too_many_parts'],
    ['has no memory left', said(241, 'MEMORY_LIMIT_EXCEEDED', 'Memory limit exceeded'), 'memory'],
    ['is behind a proxy that finds it gone', { status: 502, body: '<h1>502</h1>' }, 'server_error'],
    ['breaks the connection', undefined, 'connection'],
  ])('writes again when the server %s', async (_, failure, reason) => {
    let failuresLeft = 2;
    await using server = await startScriptedServer((statement) =>
      isInsertOfRows(statement) && failuresLeft-- > 0 ? failure : replyWhenReady(statement),
    );
    const metrics = defineStoreMetrics(new Registry());
    await using store = await openClickhouseStore(loginTo(server), optionsOf({ metrics }));
    expect(await store.write([row], signal)).toEqual([{ status: 'written' }]);
    const { values } = await metrics.retries.get();
    expect(values).toMatchObject([{ labels: { reason }, value: 2 }]);
    expect(server.statements.filter(isInsertOfRows)).toHaveLength(3);
  });

  it('gives up after the time that it was given, and says why', async () => {
    const failure = said(252, 'TOO_MANY_PARTS', 'Too many parts (3001)');
    await using server = await startScriptedServer((statement) =>
      isInsertOfRows(statement) ? failure : replyWhenReady(statement),
    );
    const options = optionsOf({ giveUpAfterMs: 0 });
    await using store = await openClickhouseStore(loginTo(server), options);
    await expect(store.write([row], signal)).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'external',
      retry: 'backoff',
      message: expect.stringContaining('Too many parts'),
    });
  });

  it.each<[string, ScriptedReply | undefined]>([
    ['a wrong password', said(516, 'AUTHENTICATION_FAILED', 'writer: Authentication failed', 403)],
    ['a connection that breaks', undefined],
    ['a page of a proxy', { status: 407, body: '<h1>Who are you?</h1>' }],
  ])('shows no password in its error about %s', async (_, reply) => {
    await using server = await startScriptedServer(() => reply);
    const opening = openClickhouseStore(loginTo(server), optionsOf({ giveUpAfterMs: 0 }));
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HW_CLICKHOUSE_CALL' });
    const shown = inspect(error, { depth: 20, showHidden: true });
    for (const text of ['secret', Buffer.from('writer:secret').toString('base64')]) {
      expect(shown).not.toContain(text);
    }
  });

  // The words of a server of today; a right is checked before anything is written.
  it('names the right that is missing, before it writes', async () => {
    const grant =
      "writer: Not enough privileges. To execute this query, it's necessary to have the grant INSERT(measure_name) ON hw.raw";
    await using server = await startScriptedServer((statement) =>
      /^INSERT INTO `hw`.`raw` SELECT/.test(statement)
        ? said(497, 'ACCESS_DENIED', grant)
        : replyWhenReady(statement),
    );
    await expect(openClickhouseStore(loginTo(server), optionsOf())).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'user',
      retry: 'never',
      message: expect.stringContaining('grant INSERT(measure_name) ON hw.raw'),
    });
    expect(server.statements.filter(isInsertOfRows)).toEqual([]);
  });

  it('refuses the one row that the server cannot read, and writes the others', async () => {
    let insertsCount = 0;
    await using server = await startScriptedServer((statement) => {
      // All four rows, the first two of them, the first, the second, and the last two.
      const isRefused = isInsertOfRows(statement) && [1, 2, 4].includes(++insertsCount);
      return isRefused
        ? said(33, 'CANNOT_READ_ALL_DATA', 'Cannot read')
        : replyWhenReady(statement);
    });
    await using store = await openClickhouseStore(loginTo(server), optionsOf());
    const rows = [1, 2, 3, 4].map((more) => ({ ...row, time: String(Date.now() + more) }));
    const outcomes = await store.write(rows, signal);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'written',
      'rejected',
      'written',
      'written',
    ]);
  });
});

describe('a server that speaks TLS', () => {
  it.each<[string, Partial<ClickhouseLogin>]>([
    ['with a certificate that we know', { tls: 'verify-full', tlsCaFile: localhostCertFile }],
    ['with any certificate, where that is wanted', { tls: 'require' }],
  ])('is taken %s', async (_, login) => {
    await using server = await startScriptedServer(replyWhenReady, localhostTls);
    await using store = await openClickhouseStore(loginTo(server, login), optionsOf());
    expect(await store.write([row], signal)).toEqual([{ status: 'written' }]);
  });

  it('is refused at once with a certificate that nobody knows', async () => {
    await using server = await startScriptedServer(replyWhenReady, localhostTls);
    const opening = openClickhouseStore(loginTo(server, { tls: 'verify-full' }), optionsOf());
    await expect(opening).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      retry: 'never',
      exception: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});

describe('a reader of ClickHouse', () => {
  it('says that the server is not there', async () => {
    const server = await startScriptedServer(replyWhenReady);
    await server[Symbol.asyncDispose]();
    await using reader = openClickhouseReader(loginTo(server), {
      requestsInFlightMax: 1,
      requestTimeoutMs: 30_000,
      clock: systemClock,
    });
    await expect(reader.query('SELECT 1', { rowsMax: 1, signal })).rejects.toMatchObject({
      code: 'HW_STORE_UNAVAILABLE',
    });
  });

  it('says what to change for a user that may not send limits', async () => {
    const text = "Cannot modify 'max_execution_time' setting in readonly mode";
    await using server = await startScriptedServer((statement) =>
      statement.includes('getSetting') ? { status: 200, body: '1\n' } : said(164, 'READONLY', text),
    );
    await using reader = openClickhouseReader(loginTo(server), {
      requestsInFlightMax: 1,
      requestTimeoutMs: 30_000,
      clock: systemClock,
    });
    await expect(reader.query('SELECT 1', { rowsMax: 1, signal })).rejects.toMatchObject({
      code: 'HW_STORE_QUERY_REFUSED',
      message: expect.stringContaining('set it to 2'),
    });
  });

  it.each([
    ['0', '1'],
    ['2', '2'],
  ])('reads as strictly as a user of mode %s may: in mode %s', async (mode, wanted) => {
    await using server = await startScriptedServer((statement, settings) => {
      if (statement.includes('getSetting')) return { status: 200, body: `${mode}\n` };
      const isWanted = settings.get('readonly') === wanted;
      return isWanted ? { status: 200, body: 'a\nUInt8\n1\n' } : said(164, 'READONLY', 'No');
    });
    await using reader = openClickhouseReader(loginTo(server), {
      requestsInFlightMax: 1,
      requestTimeoutMs: 30_000,
      clock: systemClock,
    });
    const result = await reader.query('SELECT 1 AS a', { rowsMax: 1, signal });
    expect(result).toMatchObject({ rows: [['1']] });
  });

  it('does not wait for a server that says nothing', async () => {
    const stalled = Promise.withResolvers<void>();
    await using reader = openClickhouseReader(
      { ...loginTo({ port: 1 }), password: () => stalled.promise.then(() => undefined) },
      { requestsInFlightMax: 1, requestTimeoutMs: 30_000, clock: systemClock },
    );
    const leaving = new AbortController();
    const asked = reader.query('SELECT 1', { rowsMax: 1, signal: leaving.signal });
    leaving.abort(new Error('closed the page'));
    stalled.resolve();
    await expect(asked).rejects.toThrow('closed the page');
  });
});
