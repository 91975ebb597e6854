import { DirectoryLeaseStore } from '@highwater/kinesis';
import { loadConfig, systemClock } from '@highwater/service';
import { SimulatedClock } from '@highwater/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPrometheus } from '../../src/doctor/check-prometheus.ts';
import { doctorConfig } from '../../src/doctor/doctor-config.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { ServiceName } from '../../src/doctor/service-needs.ts';
import { streamIs } from './stream-is.ts';
import { startScriptedAws, type Scripted } from '../scripted-aws.ts';

// Goal: each state that AWS may be in has its verdict. Method: servers that report the state,
// because the real ones are in most states only for a moment. test/cli checks that the real ones
// have no problems.

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterAll(() => rm(directory, { recursive: true }));

const { signal } = new AbortController();

async function findings(
  service: ServiceName,
  script: Readonly<Record<string, Scripted>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  await using aws = await startScriptedAws(script);
  const config = loadConfig(doctorConfig, {
    AWS_ENDPOINT_URL_KINESIS: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: aws.url,
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: aws.url,
    AWS_ENDPOINT_URL_S3: aws.url,
    HW_STATE_DIR: join(directory, 'state'),
    HW_DEAD_LETTERS_DIR: join(directory, 'letters'),
    ...settings,
  });
  return await examine(config, [service], systemClock);
}

const about = (all: readonly Finding[], what: string) => all.filter((each) => each.what === what);

describe('a stream', () => {
  it.each([
    { status: 'ACTIVE', verdict: 'ok', fix: undefined },
    { status: 'UPDATING', verdict: 'ok', fix: undefined },
    { status: 'CREATING', verdict: 'warn', fix: 'wait until it is ACTIVE' },
    {
      status: 'DELETING',
      verdict: 'warn',
      fix: 'wait until the stream is deleted, then create it again',
    },
  ])('that is $status: $verdict', async ({ status, verdict, fix }) => {
    const [finding] = about(await findings('generator', streamIs(status)), 'stream highwater-raw');
    expect(finding).toEqual({
      what: 'stream highwater-raw',
      verdict,
      found: `${status}, 2 open shards, retention 24 h, can be written`,
      ...(fix !== undefined && { fix }),
    });
  });

  it('with one shard is reported as such', async () => {
    const all = await findings('generator', streamIs('ACTIVE', 1));
    expect(about(all, 'stream highwater-raw')[0]?.found).toContain('1 open shard,');
  });
});

describe('a consumer', () => {
  const consumerIs = (status: string) => ({
    ...streamIs('ACTIVE'),
    ListShards: { Shards: [] },
    ListStreamConsumers: {
      Consumers: [
        {
          ConsumerName: 'highwater-raw-writer',
          ConsumerARN:
            'arn:aws:kinesis:us-east-1:000000000000:stream/highwater-raw/consumer/highwater-raw-writer:1',
          ConsumerStatus: status,
          ConsumerCreationTimestamp: 1_700_000_000,
        },
      ],
    },
    SubscribeToShard: { exception: 'ResourceNotFoundException' },
  });
  it.each([
    { status: 'ACTIVE', verdict: 'ok', fix: undefined },
    { status: 'CREATING', verdict: 'warn', fix: 'wait until it is ACTIVE' },
    {
      status: 'DELETING',
      verdict: 'warn',
      fix: 'no action is needed; the service registers it again',
    },
  ])('that is $status: $verdict', async ({ status, verdict, fix }) => {
    const all = await findings('raw-writer', consumerIs(status), { HW_KINESIS_READ: 'fan-out' });
    const [finding, ...others] = about(all, 'consumer highwater-raw-writer');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ verdict });
    expect(finding?.fix).toBe(fix);
  });
});

describe('a table', () => {
  const tableIs = (status: string, isMagnetic: boolean) => ({
    DescribeTable: {
      Table: {
        TableStatus: status,
        RetentionProperties: {
          MemoryStoreRetentionPeriodInHours: 6,
          MagneticStoreRetentionPeriodInDays: 7,
        },
        MagneticStoreWriteProperties: { EnableMagneticStoreWrites: isMagnetic },
      },
    },
    WriteRecords: { exception: 'ValidationException' },
  });
  it.each([
    {
      status: 'ACTIVE',
      isMagnetic: true,
      verdict: 'ok',
      takes: 'at most 6 h old, and older ones,',
    },
    { status: 'ACTIVE', isMagnetic: false, verdict: 'ok', takes: 'at most 6 h old,' },
    { status: 'DELETING', isMagnetic: false, verdict: 'warn', takes: 'at most 6 h old,' },
  ])('$status: $verdict, accepts rows that are $takes', async (expected) => {
    const { status, isMagnetic, verdict, takes } = expected;
    const [finding] = about(
      await findings('raw-writer', tableIs(status, isMagnetic)),
      'table metrics',
    );
    expect(finding).toMatchObject({ verdict });
    expect(finding?.found).toContain(`${status}, accepts rows that are ${takes}`);
  });
});

describe('leases', () => {
  it('in a table with another key are rejected, before anything is written to it', async () => {
    const all = await findings(
      'raw-writer',
      {
        DescribeTable: {
          Table: {
            TableStatus: 'ACTIVE',
            KeySchema: [
              { AttributeName: 'leaseKey', KeyType: 'HASH' },
              { AttributeName: 'when', KeyType: 'RANGE' },
            ],
          },
        },
      },
      { HW_LEASES: 'dynamodb' },
    );
    expect(about(all, 'lease table highwater-raw-writer-leases')).toEqual([
      expect.objectContaining({
        verdict: 'fail',
        found: 'its key is leaseKey, when, but a lease table has the key leaseKey',
      }),
    ]);
  });

  it('in a directory are read', async () => {
    const stateDir = join(directory, 'kept');
    const leases = await DirectoryLeaseStore.open(
      join(stateDir, 'raw-writer', 'highwater-raw', 'leases'),
    );
    await leases.create({
      shardId: 'shardId-000000000000',
      parentShardIds: [],
      checkpoint: { position: { type: 'TRIM_HORIZON' } },
    });
    const all = await findings('raw-writer', {}, { HW_STATE_DIR: stateDir });
    expect(about(all, 'shards of raw-writer')).toEqual([
      expect.objectContaining({
        verdict: 'warn',
        found: '1 shard, 0 owners, no checkpoint yet; 1 shard without an owner',
      }),
    ]);
  });
});

describe('snapshots', () => {
  it('in a directory must be shared like the leases', async () => {
    const verdictWith = async (kind: string) =>
      about(await findings('raw-writer', {}, { HW_LEASES: kind }), 'snapshots of raw-writer')[0];
    expect(await verdictWith('directory')).toMatchObject({ verdict: 'ok' });
    const shared = await verdictWith('dynamodb');
    expect(shared).toMatchObject({ verdict: 'warn' });
    expect(shared?.fix).toContain('HW_STATE_S3_BUCKET');
  });

  it.each([
    { script: { PUT: {} }, action: 's3:GetObject' },
    {
      script: { PUT: {}, GET: { exception: 'NoSuchBucket' } },
      action: undefined,
    },
  ])('in a bucket are written and read: without $action', async ({ script, action }) => {
    const all = await findings('raw-writer', script, { HW_STATE_S3_BUCKET: 'states' });
    const [finding] = about(all, 'snapshots of raw-writer');
    expect(finding).toMatchObject({
      verdict: 'fail',
      found: action === undefined ? 'does not exist' : `${action} is not allowed`,
    });
  });
});

describe('Prometheus', () => {
  async function serving(status: number) {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      paths,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  }

  it('is called below the path of its address', async () => {
    await using server = await serving(200);
    for (const path of ['', '/prometheus', '/prometheus/']) {
      const [finding] = await checkPrometheus(`${server.url}${path}`, signal);
      expect(finding).toMatchObject({ verdict: 'ok' });
    }
    expect(server.paths).toEqual(['/-/ready', '/prometheus/-/ready', '/prometheus/-/ready']);
  });

  it('that is not ready fails, with its status', async () => {
    await using server = await serving(503);
    const [finding] = await checkPrometheus(server.url, signal);
    expect(finding).toMatchObject({
      verdict: 'fail',
      found: `${server.url} answered with status 503`,
    });
    expect(finding?.fix).toContain('HW_PROMETHEUS_URL');
  });
});

it('waits at most 20 s for a server that does not answer', async () => {
  await using aws = await startScriptedAws({ DescribeStreamSummary: 'silent' });
  const clock = new SimulatedClock();
  const config = loadConfig(doctorConfig, { AWS_ENDPOINT_URL_KINESIS: aws.url });
  const examined = examine(config, ['generator'], clock);
  await clock.advance(20_000);
  const all = await examined;
  expect(about(all, 'stream highwater-raw')).toEqual([
    expect.objectContaining({ verdict: 'fail', found: 'no answer within 20 s' }),
  ]);
  // Nothing answered, so no clock can be compared.
  expect(about(all, 'clock')).toMatchObject([
    { verdict: 'warn', found: 'the clock cannot be checked, because no server sent its time' },
  ]);
});
