import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SimulatedClock } from '@highwater/testkit';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDynamoClient,
  DynamoLeaseStore,
  leaseTableActions,
  openLeaseTable,
  probeLeaseTable,
} from '../src/index.ts';
import { startDynalite } from './dynalite.ts';
import { startFaultyProxy, type Fate } from './faulty-proxy.ts';
import { describeLeaseStore } from './lease-store-contract.ts';

/** Waiting for a table takes no time in these tests. */
function patientClock(): SimulatedClock {
  const clock = new SimulatedClock();
  clock.sleep = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(5);
  };
  return clock;
}

let server: Awaited<ReturnType<typeof startDynalite>>;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server[Symbol.asyncDispose]());

const options = () => ({
  random: () => 0.5,
  mayCreate: true,
  clock: patientClock(),
  signal: new AbortController().signal,
});

async function openTable() {
  const client = createDynamoClient({ region: 'us-east-1', endpoint: server.url });
  const table = `leases-${randomUUID()}`;
  await openLeaseTable(client, table, options());
  return {
    client,
    table,
    store: new DynamoLeaseStore(client, table),
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}

describeLeaseStore('DynamoLeaseStore', openTable);

describe('DynamoLeaseStore', () => {
  it('creates its table once, however many workers start', async () => {
    await using opened = await openTable();
    const { client } = opened;
    const table = `leases-${randomUUID()}`;
    await Promise.all([1, 2, 3].map(() => openLeaseTable(client, table, options())));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.KeySchema).toEqual([{ AttributeName: 'leaseKey', KeyType: 'HASH' }]);
  });

  it('reports a missing table that may not be created', async () => {
    await using opened = await openTable();
    const opening = openLeaseTable(opened.client, 'no-such-table', {
      ...options(),
      mayCreate: false,
    });
    await expect(opening).rejects.toThrow(/no-such-table.*HW_LEASES_CREATE is false/);
  });

  it('opens its table despite timeouts, throttles, and broken connections', async () => {
    const fates: readonly Fate[] = [
      'silent',
      { status: 400, type: 'ThrottlingException' },
      'cut',
      'pass',
      { status: 500, type: 'InternalServerError' },
    ];
    await using proxy = await startFaultyProxy(server.url, (_, index) => fates[index] ?? 'pass');
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: proxy.url,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler({ requestTimeout: 200, throwOnRequestTimeout: true }),
    });
    await openLeaseTable(client, `leases-${randomUUID()}`, options());
    // On a busy machine, the short timeout may expire more often, so each step may occur
    // repeatedly.
    const steps = proxy.operations.filter((name, index, all) => name !== all[index - 1]);
    expect(steps.slice(0, 3)).toEqual(['DescribeTable', 'CreateTable', 'DescribeTable']);
    expect(proxy.operations.length).toBeGreaterThanOrEqual(7);
    client.destroy();
  });

  it('gives up on a table that stays unreachable, and immediately without permission', async () => {
    const refusals: Record<string, Fate> = {
      away: 'cut',
      denied: { status: 400, type: 'AccessDeniedException' },
    };
    const open = async (fate: Fate) => {
      await using proxy = await startFaultyProxy(server.url, () => fate);
      const client = createDynamoClient({ region: 'us-east-1', endpoint: proxy.url });
      await expect(
        openLeaseTable(client, 'leases', { ...options(), giveUpAfterMs: 20 }),
      ).rejects.toMatchObject({ code: 'HW_KINESIS_LEASE_TABLE' });
      client.destroy();
      return proxy.operations.length;
    };
    expect(await open(refusals['away'] ?? 'pass')).toBeGreaterThan(1);
    expect(await open(refusals['denied'] ?? 'pass')).toBe(1);
  });

  it('rejects a table with another key', async () => {
    await using opened = await openTable();
    const table = `other-${randomUUID()}`;
    await opened.client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const opening = openLeaseTable(opened.client, table, options());
    await expect(opening).rejects.toThrow(/its key is id, but a lease table has the key leaseKey/);
  });

  it('is probed without a trace', async () => {
    await using opened = await openTable();
    const { client, table, store } = opened;
    for (const action of leaseTableActions) await probeLeaseTable(client, table, action);
    expect(await store.list()).toEqual([]);
    await expect(probeLeaseTable(client, 'no-such-table', 'PutItem')).rejects.toMatchObject({
      exception: 'ResourceNotFoundException',
    });
  });

  it('resumes from the rows of the Kinesis Client Library, and skips rows of other programs', async () => {
    await using opened = await openTable();
    const { client, table, store } = opened;
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          leaseKey: { S: 'shardId-000000000000' },
          leaseCounter: { N: '4711' },
          leaseOwner: { S: 'a-jvm' },
          checkpoint: { S: '49590338271490256608559692538361571095921575989136588898' },
          checkpointSubSequenceNumber: { N: '0' },
          ownerSwitchesSinceCheckpoint: { N: '2' },
          startingHashKey: { S: '0' },
        },
      }),
    );
    const metrics = { leaseKey: { S: 'a-jvm' }, entityType: { S: 'WORKER_METRIC_STATS' } };
    await client.send(new PutItemCommand({ TableName: table, Item: metrics }));
    const [lease, ...others] = await store.list();
    expect(others).toEqual([]);
    expect(lease).toMatchObject({ owner: 'a-jvm', epoch: 0, counter: 4711 });
    expect(lease?.checkpoint.position.type).toBe('AFTER_SEQUENCE_NUMBER');
    expect(lease && (await store.take(lease, 'us'))).toMatchObject({ owner: 'us', epoch: 1 });
  });

  it('names the table and the reason when a call fails', async () => {
    const client = createDynamoClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:1' });
    const store = new DynamoLeaseStore(client, 'leases');
    await expect(store.list()).rejects.toMatchObject({
      code: 'HW_KINESIS_LEASE_TABLE',
      exception: 'ECONNREFUSED',
      retry: 'backoff',
    });
    client.destroy();
  });
});
