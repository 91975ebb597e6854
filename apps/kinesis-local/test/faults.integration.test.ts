import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { SimulatedClock } from '@highwater/testkit';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../src/index.ts';
import type { KinesisLocalOptions } from '../src/start-kinesis-local.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';
const first = 'shardId-000000000000';
const entries = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ PartitionKey: `${i}`, Data: Buffer.from(`${i}`) }));

async function started(options: Partial<KinesisLocalOptions> = {}, isHttp2 = false) {
  const server = await startKinesisLocal({ port: 0, ...options });
  const client = clientOf(server.url, isHttp2 ? new NodeHttp2Handler() : new NodeHttpHandler());
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const stack = new AsyncDisposableStack();
  stack.use(server);
  stack.defer(() => client.destroy());
  return { server, client, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The outcomes of calls that put two records each: how many were accepted, or the error's name. */
async function putOften(client: KinesisClient, calls: number): Promise<readonly string[]> {
  const happenings: string[] = [];
  for (let i = 0; i < calls; i += 1) {
    happenings.push(
      await client.send(new PutRecordsCommand({ StreamName, Records: entries(2) })).then(
        ({ FailedRecordCount = 0 }) => `${2 - FailedRecordCount}`,
        (error: Error) => error.name,
      ),
    );
  }
  return happenings;
}

async function admin(url: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${url}/_admin/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

describe('faults', () => {
  it.each([{ isHttp2: false }, { isHttp2: true }])(
    'throttle, fail, reject, and break calls, identically for the same seed (HTTP/2: $isHttp2)',
    async ({ isHttp2 }) => {
      const faults = {
        seed: 'calls',
        operations: ['PutRecords'],
        throttle: 0.15,
        fail: 0.15,
        loseReply: 0.15,
        cut: 0.15,
        partial: 0.3,
      };
      const runs: (readonly string[])[] = [];
      for (let run = 0; run < 2; run += 1) {
        await using context = await started({ faults }, isHttp2);
        const happenings = await putOften(context.client, 60);
        const taken = happenings.reduce((sum, happening) => sum + (Number(happening) || 0), 0);
        const { log } = context.server.account.stream(StreamName).shards[0] ?? {};
        // Lost replies: the records are stored, but the client does not know.
        expect((log?.endIndex ?? 0) - 1).toBeGreaterThan(taken);
        runs.push(happenings);
      }
      const [happenings = []] = runs;
      expect(runs[1]).toEqual(happenings);
      expect(happenings).toEqual(
        expect.arrayContaining(['1', '2', 'ProvisionedThroughputExceededException']),
      );
      expect(happenings).toContain('InternalFailure');
      // A broken connection has no exception name of the service.
      expect(new Set(happenings).size).toBeGreaterThanOrEqual(5);
    },
  );

  it('can be changed through the admin endpoint while the server runs', async () => {
    await using context = await started({ hasAdmin: true });
    const { client, server } = context;
    const reply = await admin(server.url, 'PUT', 'faults', { seed: 7, throttle: 1 });
    expect(await reply.json()).toEqual({ seed: '7', throttle: 1 });
    expect(await putOften(client, 2)).toEqual([
      'ProvisionedThroughputExceededException',
      'ProvisionedThroughputExceededException',
    ]);
    await expect(
      client.send(new DescribeStreamSummaryCommand({ StreamName })),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
    await admin(server.url, 'DELETE', 'faults');
    expect(await putOften(client, 2)).toEqual(['2', '2']);
    const refused = await admin(server.url, 'PUT', 'faults', { seed: 7, throtle: 1 });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('throtle');
  });

  it('are not available by default', async () => {
    await using context = await started();
    const reply = await admin(context.server.url, 'PUT', 'faults', { seed: 7, throttle: 1 });
    expect(reply.status).toBe(400);
    expect(await putOften(context.client, 1)).toEqual(['2']);
  });

  it('make iterators expire', async () => {
    await using context = await started({ hasAdmin: true });
    const { client, server } = context;
    const ShardIteratorType = 'LATEST';
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId: first, ShardIteratorType }),
    );
    await client.send(new GetRecordsCommand({ ShardIterator }));
    await admin(server.url, 'POST', 'expire-iterators');
    await expect(client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toMatchObject({
      name: 'ExpiredIteratorException',
    });
  });
});

describe('the admin endpoint', () => {
  it('reshards an on-demand stream, which no API call may do', async () => {
    await using context = await started({ hasAdmin: true });
    const { client, server } = context;
    await client.send(
      new CreateStreamCommand({
        StreamName: 'on-demand',
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      }),
    );
    await admin(server.url, 'PUT', 'streams/on-demand/shards', { count: 8 });
    const { Shards } = await client.send(
      new ListShardsCommand({ StreamName: 'on-demand', ShardFilter: { Type: 'AT_LATEST' } }),
    );
    expect(Shards).toHaveLength(8);
  });

  it('turns the limits of one stream on and off', async () => {
    // Time stands still, so the speed of the machine does not matter.
    await using context = await started({ hasAdmin: true, clock: new SimulatedClock() });
    const { client, server } = context;
    await admin(server.url, 'PUT', `streams/${StreamName}/limits`, { enforced: true });
    const put = async () => {
      const Records = entries(500);
      return (await client.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount;
    };
    expect([await put(), await put(), await put()]).toEqual([0, 0, 500]);
    await admin(server.url, 'PUT', `streams/${StreamName}/limits`, { enforced: false });
    expect(await put()).toBe(0);
  });

  it('breaks every connection, and keeps serving', async () => {
    await using context = await started();
    const { client, server } = context;
    expect(await putOften(client, 1)).toEqual(['2']);
    server.cutConnections();
    const [happening = ''] = await putOften(client, 1);
    // The client may have noticed already, and opened another one.
    expect(['2', 'Error', 'TimeoutError']).toContain(happening);
    expect(await putOften(client, 2)).toEqual(['2', '2']);
  });
});

describe('limits', () => {
  it('are enforced on calls a second', async () => {
    await using context = await started({ enforcesLimits: true, clock: new SimulatedClock() });
    const { client } = context;
    const calls = Array.from({ length: 25 }, () =>
      client.send(new DescribeStreamSummaryCommand({ StreamName })).then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(20);
    expect(answers.filter((answer) => answer === 'LimitExceededException')).toHaveLength(5);
  });

  it('are reported when memory reaches its limit', async () => {
    await using context = await started({ memoryBytesMax: 2 ** 20 });
    const Records = Array.from({ length: 4 }, () => ({
      PartitionKey: 'a',
      Data: Buffer.alloc(400_000),
    }));
    const reply = await context.client.send(new PutRecordsCommand({ StreamName, Records }));
    const refused = reply.Records?.filter(({ ErrorCode }) => ErrorCode !== undefined) ?? [];
    expect(refused.length).toBe(reply.FailedRecordCount);
    expect(refused[0]).toMatchObject({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: expect.stringContaining('the bound of 1048576 bytes is reached') as string,
    });
  });
});

describe('metrics', () => {
  it('count calls by outcome, and records by way of reading', async () => {
    const registry = new Registry();
    await using context = await started({ registry });
    const { client } = context;
    await putOften(client, 3);
    await client.send(new DescribeStreamSummaryCommand({ StreamName: 'nowhere' })).catch(String);
    const text = await registry.metrics();
    expect(text).toContain('kinesis_local_requests_total{operation="PutRecords",outcome="ok"} 3');
    expect(text).toContain(
      'kinesis_local_requests_total{operation="DescribeStreamSummary",outcome="ResourceNotFoundException"} 1',
    );
    expect(text).toContain('kinesis_local_records_in_total 6');
    expect(text).toContain('kinesis_local_open_shards 1');
    expect(text).toMatch(/kinesis_local_memory_bytes \d+/);
  });
});
