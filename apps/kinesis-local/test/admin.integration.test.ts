import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { FaultPlan, SeededRandom } from '@highwater/kinesis-engine/faults';
import { SimulatedClock } from '@highwater/testkit';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { disturb } from '../src/faults/disturb.ts';
import { startKinesisLocal } from '../src/index.ts';
import type { KinesisLocalOptions } from '../src/start-kinesis-local.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';

async function started(options: Partial<KinesisLocalOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startKinesisLocal({ port: 0, hasAdmin: true, ...options }));
  const client = clientOf(server.url);
  stack.defer(() => client.destroy());
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const admin = async (method: string, path: string, body?: string, type = 'application/json') => {
    const reply = await fetch(`${server.url}/_admin/${path}`, {
      method,
      headers: { 'content-type': type },
      ...(body !== undefined && { body }),
    });
    return { status: reply.status, value: (await reply.json()) as Record<string, unknown> };
  };
  return { server, client, admin, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('the admin endpoint', () => {
  it('accepts only JSON, which no page can send to another site without permission', async () => {
    await using context = await started();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const reply = await context.admin('PUT', 'faults', '{"seed":1,"throttle":1}', type);
      expect(reply.status).toBe(415);
    }
    expect(context.server.faults.settings).toBeUndefined();
  });

  it.each([
    { method: 'POST', path: 'explode', body: '{}', status: 404 },
    { method: 'GET', path: 'limits', body: undefined, status: 404 },
    { method: 'PUT', path: 'streams/nowhere/limits', body: '{"enforced":true}', status: 404 },
    { method: 'PUT', path: 'limits', body: '{"enforced":1}', status: 400 },
    { method: 'PUT', path: 'limits', body: 'no JSON', status: 400 },
    { method: 'PUT', path: `streams/${StreamName}/shards`, body: '{"count":0}', status: 400 },
    { method: 'PUT', path: 'faults', body: '{"seed":1,"throttle":1.5}', status: 400 },
  ])('answers $status to $method $path $body', async ({ method, path, body, status }) => {
    await using context = await started();
    const reply = await context.admin(method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.value['error']).not.toBe('');
  });

  it('lists the active faults', async () => {
    await using context = await started();
    expect((await context.admin('GET', 'faults')).value).toEqual({});
    await context.admin('PUT', 'faults', '{"seed":"s","fail":0.5,"operations":["PutRecords"]}');
    expect((await context.admin('GET', 'faults')).value).toEqual({
      seed: 's',
      fail: 0.5,
      operations: ['PutRecords'],
    });
  });

  it('turns the limits of the account on and off', async () => {
    // Time stands still, so the speed of the machine does not matter.
    await using context = await started({ clock: new SimulatedClock() });
    const { client, admin } = context;
    const describeOften = () =>
      Promise.allSettled(
        Array.from({ length: 21 }, () =>
          client.send(new DescribeStreamSummaryCommand({ StreamName })),
        ),
      );
    const refused = async () =>
      (await describeOften()).filter(({ status }) => status === 'rejected').length;
    await admin('PUT', 'limits', '{"enforced":true}');
    expect(await refused()).toBe(1);
    await admin('PUT', 'limits', '{"enforced":false}');
    expect(await refused()).toBe(0);
  });

  it('ends every subscription, and their records were counted', async () => {
    const registry = new Registry();
    await using context = await started({ registry });
    const { client, server, admin } = context;
    const { arn } = server.account.stream(StreamName);
    const { Consumer } = await client.send(
      new RegisterStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'reader' }),
    );
    const Records = ['a', 'b'].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('x') }));
    await client.send(new PutRecordsCommand({ StreamName, Records }));
    const { EventStream = [] } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'TRIM_HORIZON' },
      }),
    );
    let recordsCount = 0;
    for await (const { SubscribeToShardEvent: event } of EventStream) {
      recordsCount += event?.Records?.length ?? 0;
      // Without its end, the loop would continue for five minutes.
      if (recordsCount === 2) await admin('POST', 'end-subscriptions', '{}');
    }
    expect(recordsCount).toBe(2);
    expect(await registry.metrics()).toContain(
      'kinesis_local_records_out_total{way="subscription"} 2',
    );
  });

  it('breaks every connection', async () => {
    await using context = await started();
    const socket = connect(context.server.port, '127.0.0.1');
    const endings: string[] = [];
    socket.on('error', ({ message }) => endings.push(message)).on('end', () => endings.push('end'));
    await once(socket, 'connect');
    // The server knows the connection once it has answered on it, and keeps it open.
    const headers = 'X-Amz-Target: Kinesis_20131202.ListStreams\r\nContent-Length: 2';
    const type = 'Content-Type: application/x-amz-json-1.1';
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\n${type}\r\n${headers}\r\n\r\n{}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK(?:.|\r\n)*keep-alive/i);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const cut = context.admin('POST', 'cut-connections', '{}').catch(() => undefined);
    await closed;
    await cut;
    // An idle connection would end without an error, after more than a minute.
    expect(endings).toEqual(['read ECONNRESET']);
  });
});

describe('a call', () => {
  it('waits as long as the faults specify, before and after it is done', async () => {
    const clock = new SimulatedClock();
    const plan = new FaultPlan(new SeededRandom('slow'), { delay: 1, delayMsMax: 1_000 });
    let isDone = false;
    let isAnswered = false;
    const call = async () => {
      isDone = true;
    };
    const answered = disturb(call, { plan, clock, operation: 'PutRecords' }).then(() => {
      isAnswered = true;
    });
    await clock.advance(0);
    expect(isDone).toBe(false);
    await clock.advance(2_000);
    await answered;
    expect([isDone, isAnswered]).toEqual([true, true]);
    expect(clock.sleepersCount).toBe(0);
  });

  it('that fails because of the faults has the status of a service failure', async () => {
    const faults = { seed: 'fail', operations: ['PutRecords'], fail: 1 };
    await using context = await started({ faults });
    const Records = [{ PartitionKey: 'a', Data: Buffer.from('x') }];
    await expect(
      context.client.send(new PutRecordsCommand({ StreamName, Records })),
    ).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    await expect(
      context.client.send(new GetRecordsCommand({ ShardIterator: 'none' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });

  it('from the page of another site is not counted under any operation', async () => {
    const registry = new Registry();
    await using context = await started({ registry });
    const reply = await fetch(context.server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        origin: 'http://elsewhere.example',
      },
      body: '{}',
    });
    expect(reply.status).toBe(403);
    const metrics = await registry.metrics();
    expect(metrics).toContain(
      'kinesis_local_requests_total{operation="unknown",outcome="AccessDeniedException"} 1',
    );
    expect(metrics).not.toContain('operation="ListStreams"');
  });
});
