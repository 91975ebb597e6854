import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SimulatedClock } from '@highwater/testkit';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoClient, DynamoLeaseStore, openLeaseTable } from '../src/index.ts';
import { startDynalite } from './dynalite.ts';
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
  it('makes its table once, however many workers start', async () => {
    await using opened = await openTable();
    const { client } = opened;
    const table = `leases-${randomUUID()}`;
    await Promise.all([1, 2, 3].map(() => openLeaseTable(client, table, options())));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.KeySchema).toEqual([{ AttributeName: 'leaseKey', KeyType: 'HASH' }]);
  });

  it('says so when the table is not there and may not be made', async () => {
    await using opened = await openTable();
    const opening = openLeaseTable(opened.client, 'no-such-table', {
      ...options(),
      mayCreate: false,
    });
    await expect(opening).rejects.toThrow(/no-such-table.*HW_LEASES_CREATE is false/);
  });

  it('goes on from the rows of the Kinesis Client Library, and passes over those of others', async () => {
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
