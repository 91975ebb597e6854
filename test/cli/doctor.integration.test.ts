import {
  createDynamoClient,
  createSdkKinesisApi,
  openLeaseTable,
  type SubscriptionEvent,
} from '@highwater/kinesis';
import type { Clock } from '@highwater/model';
import { childEnvironment, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { timestreamTable } from '@highwater/stores';
import { createSdkWriteApi } from '@highwater/timestream';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctorConfig } from '../../apps/cli/src/doctor/doctor-config.ts';
import { examine } from '../../apps/cli/src/doctor/examine.ts';
import type { ServiceName } from '../../apps/cli/src/doctor/service-needs.ts';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';
import { startDynalite } from '../../packages/kinesis/test/dynalite.ts';
import { startFaultyProxy, type Fate } from '../../packages/kinesis/test/faulty-proxy.ts';
import { startScriptedS3, type ScriptedS3 } from '../../packages/kinesis/test/scripted-s3.ts';

// Goal: the doctor finds nothing wrong where all is well, names what is wrong where one thing is, and
// leaves no trace. Method: the real servers, and a proxy before them that takes one right away.

const services: readonly ServiceName[] = [
  'generator',
  'aggregator',
  'raw-writer',
  'upsert-writer',
  'dashboard',
];
const signal = new AbortController().signal;
const tables = ['highwater-aggregator-leases', 'highwater-raw-writer-leases'];
const denied: Fate = { status: 400, type: 'AccessDeniedException' };

let directory: string;
let kinesis: Awaited<ReturnType<typeof startKinesisLocal>>;
let dynamo: Awaited<ReturnType<typeof startDynalite>>;
let timestream: Awaited<ReturnType<typeof startTimestreamLocal>>;
let s3: ScriptedS3;
/** An address where something was, and nothing is. */
let nowhere: string;
const cleanUp = new AsyncDisposableStack();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-doctor-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  kinesis = cleanUp.use(await startKinesisLocal({ port: 0, transitionMs: 5 }));
  dynamo = cleanUp.use(await startDynalite());
  timestream = cleanUp.use(await startTimestreamLocal({ port: 0 }));
  s3 = cleanUp.use(await startScriptedS3());
  const gone = await startScriptedS3();
  nowhere = gone.url;
  await gone[Symbol.asyncDispose]();
  using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: kinesis.url });
  for (const name of ['highwater-raw', 'highwater-results']) await api.create(name, 2);
  const client = createDynamoClient({ region: 'us-east-1', endpoint: dynamo.url });
  for (const table of [...tables, 'highwater-upsert-writer-leases']) {
    await openLeaseTable(client, table, {
      mayCreate: true,
      clock: systemClock,
      random: systemRandom,
      signal,
    });
  }
  client.destroy();
  const config = configured();
  const { HW_STORE: address } = config;
  assert(address.engine === 'timestream');
  for (const table of ['views', 'corrections'] as const) {
    const limits = { requestsInFlightMax: 1, requestTimeoutMs: 20_000 };
    const write = createSdkWriteApi(timestreamTable(config, address, table), limits);
    await write.createDatabase(signal).catch(() => undefined);
    await write.createTable(signal);
    write.close();
  }
});
afterAll(() => cleanUp[Symbol.asyncDispose]());

function environment(changes: Readonly<Record<string, string>> = {}) {
  return {
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: timestream.endpoint,
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: timestream.endpoint,
    AWS_ENDPOINT_URL_S3: s3.url,
    HW_STATE_S3_BUCKET: 'states',
    HW_STATE_DIR: join(directory, 'state'),
    HW_DEAD_LETTERS_DIR: join(directory, 'letters'),
    HW_LEASES: 'dynamodb',
    ...changes,
  };
}

function configured(changes: Readonly<Record<string, string>> = {}) {
  return loadConfig(doctorConfig, environment(changes));
}

async function wrongWith(changes: Readonly<Record<string, string>>, clock: Clock = systemClock) {
  const findings = await examine(configured(changes), services, clock);
  return findings.filter(({ verdict }) => verdict !== 'ok');
}

/** The findings when the server of a setting rejects some operations. */
async function wrongBehind(variable: string, target: string, decide: (name: string) => Fate) {
  await using proxy = await startFaultyProxy(target, decide);
  return await wrongWith({ [variable]: proxy.url });
}

/**
 * The first record of a subscription.
 * @throws when it ends without one
 */
async function firstText(events: AsyncIterable<SubscriptionEvent>): Promise<string> {
  for await (const { records } of events) {
    if (records[0]) return new TextDecoder().decode(records[0].data);
  }
  throw new Error('the subscription has ended');
}

describe('highwater doctor', () => {
  it('finds no problem where everything works, and leaves no trace', async () => {
    const findings = await examine(configured(), services, systemClock);
    expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(findings.length).toBeGreaterThan(12);
    using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: kinesis.url });
    const [shard] = await api.listShards('highwater-results');
    const iterator = await api.getIterator({
      stream: 'highwater-results',
      shardId: shard?.shardId ?? '',
      position: { type: 'TRIM_HORIZON' },
    });
    expect((await api.getRecords({ iterator, limit: 10 })).records).toEqual([]);
    expect([...s3.objects.keys()]).toEqual([]);
  });

  it.each(['DescribeStreamSummary', 'ListShards', 'GetShardIterator', 'GetRecords', 'PutRecords'])(
    'names kinesis:%s if it is not allowed',
    async (operation) => {
      const wrong = await wrongBehind('AWS_ENDPOINT_URL_KINESIS', kinesis.url, (name) =>
        name === operation ? denied : 'pass',
      );
      expect(wrong.length).toBeGreaterThan(0);
      for (const { verdict, what, found, fix } of wrong) {
        expect(verdict).toBe('fail');
        expect(what).toMatch(/^stream highwater-/);
        expect(`${found} ${fix}`).toContain(`kinesis:${operation}`);
      }
    },
  );

  it.each([
    { operation: 'ListStreamConsumers', on: /:stream\/highwater-(raw|results)$/ },
    { operation: 'RegisterStreamConsumer', on: /:stream\/highwater-(raw|results)$/ },
    { operation: 'SubscribeToShard', on: /:stream\/[\w-]+\/consumer\/highwater-[\w-]+:\*$/ },
  ])('names kinesis:$operation and its resource if fan-out is not allowed', async (expected) => {
    const { operation, on } = expected;
    await using proxy = await startFaultyProxy(kinesis.url, (name) =>
      name === operation ? denied : 'pass',
    );
    const wrong = await wrongWith({
      AWS_ENDPOINT_URL_KINESIS: proxy.url,
      HW_KINESIS_READ: 'fan-out',
    });
    expect(wrong).toHaveLength(3);
    for (const { verdict, what, found, fix } of wrong) {
      expect(verdict).toBe('fail');
      expect(what).toMatch(/^consumer highwater-/);
      expect(found).toBe(`kinesis:${operation} is not allowed`);
      const [, action, resource] = /^allow (\S+) on (\S+) in the role/.exec(fix ?? '') ?? [];
      expect(action).toBe(`kinesis:${operation}`);
      expect(resource).toMatch(on);
    }
    // Permissions for polling are not checked, so a policy without them is not reported.
    expect(proxy.operations).not.toContain('GetRecords');
  });

  it('registers no consumer, says which one would be, and disturbs no subscription', async () => {
    const fanOut = { HW_KINESIS_READ: 'fan-out' };
    const missing = await wrongWith(fanOut);
    expect(missing.map(({ verdict, what }) => `${verdict} ${what}`)).toEqual([
      'warn consumer highwater-aggregator',
      'warn consumer highwater-raw-writer',
      'warn consumer highwater-upsert-writer',
    ]);
    expect(missing[0]?.found).toContain('AWS bills it');
    using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: kinesis.url });
    expect(await api.listConsumers('highwater-raw')).toEqual([]);

    const name = 'highwater-aggregator';
    const { consumerArn } = await api.registerConsumer('highwater-raw', name);
    await expect
      .poll(async () => (await api.listConsumers('highwater-raw'))[0]?.status)
      .toBe('ACTIVE');
    const ended = new AbortController();
    const shards = await api.listShards('highwater-raw');
    const subscriptions = await Promise.all(
      shards.map(({ shardId }) =>
        api.subscribe({ consumerArn, shardId, position: { type: 'LATEST' } }, ended.signal),
      ),
    );
    const wrong = await wrongWith(fanOut);
    expect(wrong.map(({ what }) => what)).toEqual(missing.slice(1).map(({ what }) => what));
    const record = { partitionKey: 'a', data: new TextEncoder().encode('a record') };
    await api.putRecords('highwater-raw', [record]);
    expect(await Promise.any(subscriptions.map(firstText))).toBe('a record');
    ended.abort();
    await api.deregisterConsumer(consumerArn);
  });

  it('rejects one consumer for two services of a stream', async () => {
    const name = 'mine';
    const wrong = await wrongWith({ HW_KINESIS_READ: 'fan-out', HW_KINESIS_CONSUMER_NAME: name });
    expect(wrong.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
      { what: 'consumer mine', found: expect.stringContaining('aggregator and raw-writer') },
    ]);
  });

  it.each(['DescribeTable', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'])(
    'names dynamodb:%s if it is not allowed',
    async (operation) => {
      const wrong = await wrongBehind('AWS_ENDPOINT_URL_DYNAMODB', dynamo.url, (name) =>
        name === operation ? denied : 'pass',
      );
      expect(wrong).toHaveLength(3);
      for (const { verdict, found } of wrong) {
        expect(verdict).toBe('fail');
        expect(found).toBe(`dynamodb:${operation} is not allowed`);
      }
    },
  );

  it.each(['DescribeTable', 'WriteRecords'])(
    'names timestream:%s if it is not allowed',
    async (operation) => {
      const wrong = await wrongBehind(
        'AWS_ENDPOINT_URL_TIMESTREAM_WRITE',
        timestream.endpoint,
        (name) => (name === operation ? denied : 'pass'),
      );
      expect(wrong.map(({ found }) => found)).toEqual([
        `timestream:${operation} is not allowed`,
        `timestream:${operation} is not allowed`,
      ]);
    },
  );

  it('names timestream:Select if it is not allowed', async () => {
    const variable = 'AWS_ENDPOINT_URL_TIMESTREAM_QUERY';
    const wrong = await wrongBehind(variable, timestream.endpoint, () => denied);
    expect(wrong.map(({ found }) => found)).toEqual(
      Array.from({ length: 2 }, () => 'timestream:Select is not allowed'),
    );
  });

  it('names s3:PutObject if it is not allowed', async () => {
    s3.refuseNext(403, 'AccessDenied');
    const findings = await examine(configured(), ['raw-writer'], systemClock);
    const [wrong, ...others] = findings.filter(({ verdict }) => verdict !== 'ok');
    expect(others).toEqual([]);
    expect(wrong).toMatchObject({
      what: 'snapshots of raw-writer',
      found: 's3:PutObject is not allowed',
    });
  });

  it.each([
    { variable: 'AWS_ENDPOINT_URL_KINESIS', what: /^stream/ },
    { variable: 'AWS_ENDPOINT_URL_DYNAMODB', what: /^lease table/ },
    { variable: 'AWS_ENDPOINT_URL_TIMESTREAM_WRITE', what: /^table/ },
    { variable: 'AWS_ENDPOINT_URL_TIMESTREAM_QUERY', what: /^queries/ },
    { variable: 'AWS_ENDPOINT_URL_S3', what: /^snapshots/ },
    { variable: 'HW_PROMETHEUS_URL', what: /^Prometheus/ },
  ])('names $variable when nothing answers there', async ({ variable, what }) => {
    const wrong = await wrongWith({ [variable]: nowhere });
    expect(wrong.length).toBeGreaterThan(0);
    for (const finding of wrong) {
      expect(finding.verdict).toBe('fail');
      expect(finding.what).toMatch(what);
      expect(finding.found).toContain('ECONNREFUSED');
      expect(finding.fix).toContain(variable);
    }
  });

  it('tells what is missing, and whether a service would make it', async () => {
    const names = { HW_RAW_STREAM: 'no-stream', HW_STORE: 'timestream://highwater/no-table' };
    const wrong = await wrongWith(names);
    expect(wrong.map(({ verdict, what }) => `${verdict} ${what}`)).toEqual([
      'fail stream no-stream',
      'warn table no-table',
      'warn queries of no-table',
    ]);
    const strict = await wrongWith({
      HW_STORE: 'timestream://highwater/no-table',
      HW_STORE_CREATE: 'false',
    });
    expect(strict[0]).toMatchObject({ verdict: 'fail', what: 'table no-table' });
    const table = { HW_LEASES_TABLE: 'no-leases' };
    const make = (more: Record<string, string>) =>
      examine(configured({ ...table, ...more }), ['aggregator'], systemClock);
    const verdictOf = async (more: Record<string, string>) =>
      (await make(more)).find(({ what }) => what === 'lease table no-leases')?.verdict;
    expect(await verdictOf({})).toBe('warn');
    expect(await verdictOf({ HW_LEASES_CREATE: 'false' })).toBe('fail');
  });

  it('rejects one lease table for two services', async () => {
    const wrong = await wrongWith({ HW_LEASES_TABLE: tables[0] ?? '' });
    expect(wrong.map(({ what }) => what)).toEqual([`lease table ${tables[0]}`]);
  });

  it('reports a wrong clock, by how much and in which direction', async () => {
    const byMs = -420_000;
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + byMs };
    const wrong = await wrongWith({}, clock);
    expect(wrong.length).toBeGreaterThan(0);
    for (const { verdict, what, found } of wrong) {
      expect(verdict).toBe('fail');
      expect(what).toMatch(/^clock, by 127\.0\.0\.1:/);
      expect(found).toMatch(/^the clock of this machine is 4(19|20)(\.\d)? s behind$/);
    }
  });

  it('reports directories that cannot be written and views that cannot be used', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, 'views:\n  - name: x\n    window: 5\n');
    const wrong = await wrongWith({
      HW_DEAD_LETTERS_DIR: join(file, 'letters'),
      HW_VIEWS: file,
    });
    expect(wrong.every(({ verdict }) => verdict === 'fail')).toBe(true);
    expect(new Set(wrong.map(({ what }) => what))).toEqual(new Set(['views', 'dead letters']));
    expect(wrong.map(({ found }) => found).join()).toContain(`${file}:3`);
  });

  it('exits with 0 without problems, 1 when a check fails, and 2 when a setting is wrong', async () => {
    const main = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
    const run = (changes: Readonly<Record<string, string>>) =>
      new Promise<{ code: number; text: string }>((resolve) => {
        const env = childEnvironment(environment(changes));
        const child = execFile(process.execPath, [main, 'doctor'], { env }, (_, out, err) =>
          resolve({ code: child.exitCode ?? -1, text: out + err }),
        );
      });
    const well = await run({});
    expect(well).toMatchObject({ code: 0, text: expect.stringMatching(/\d+ ok, 0 .*, 0 failed/) });
    expect((await run({ HW_RESULTS_STREAM: 'no-stream' })).code).toBe(1);
    expect(await run({ HW_LEASES: 'paper' })).toMatchObject({
      code: 2,
      text: expect.stringContaining('HW_LEASES'),
    });
  });
});
