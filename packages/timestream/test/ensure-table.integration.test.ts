import { describe, expect, it } from 'vitest';
import { openTimestreamStore, type TimestreamTable } from '../src/index.ts';
import { openOptions, tableOf } from './fakes.ts';
import { refusal, startScriptedServer, table, written, type Reply } from './scripted-server.ts';

const missing = refusal(404, 'ResourceNotFoundException', 'The table metrics does not exist.');
const exists = refusal(409, 'ConflictException', 'already exists');

async function openWith(
  script: Record<string, readonly Reply[]>,
  {
    mayCreate = true,
    giveUpAfterMs = 300_000,
    ...table
  }: Partial<TimestreamTable> & { mayCreate?: boolean; giveUpAfterMs?: number } = {},
) {
  const server = await startScriptedServer(({ operation }, index) => {
    const replies = script[operation] ?? [];
    return replies[Math.min(index, replies.length - 1)] ?? written;
  });
  const options = { ...openOptions(), mayCreate, giveUpAfterMs };
  try {
    await using _store = await openTimestreamStore(
      tableOf({ endpoint: server.url, ...table }),
      options,
    );
    return server.requests.map(({ operation, text }) => ({ operation, body: JSON.parse(text) }));
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe('openTimestreamStore', () => {
  it('creates the database and the table, with its retention, and waits until it is active', async () => {
    const requests = await openWith(
      { DescribeTable: [missing, table('CREATING'), table('ACTIVE')] },
      { memoryHours: 12, hasMagneticWrites: true },
    );
    expect(requests.map(({ operation }) => operation)).toEqual([
      'DescribeTable',
      'CreateDatabase',
      'CreateTable',
      'DescribeTable',
      'DescribeTable',
    ]);
    expect(requests[2]?.body).toMatchObject({
      DatabaseName: 'highwater',
      TableName: 'metrics',
      RetentionProperties: {
        MemoryStoreRetentionPeriodInHours: 12,
        MagneticStoreRetentionPeriodInDays: 7,
      },
      MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
    });
  });

  it('is content when another process creates them at the same time', async () => {
    const requests = await openWith({
      DescribeTable: [missing, table('ACTIVE')],
      CreateDatabase: [exists],
      CreateTable: [exists],
    });
    expect(requests).toHaveLength(4);
  });

  it('retries when it is throttled', async () => {
    const throttled = refusal(429, 'ThrottlingException', 'Rate exceeded');
    const requests = await openWith({
      DescribeTable: [throttled, missing, table('ACTIVE')],
      CreateTable: [throttled, written],
    });
    expect(requests.filter(({ operation }) => operation === 'CreateTable')).toHaveLength(2);
  });

  it('refuses a missing table when it may not create it', async () => {
    await expect(openWith({ DescribeTable: [missing] }, { mayCreate: false })).rejects.toThrow(
      'HW_STORE_CREATE is false',
    );
  });

  it('fails when a table does not become active', async () => {
    await expect(
      openWith({ DescribeTable: [table('DELETING')] }, { giveUpAfterMs: 10_000 }),
    ).rejects.toThrow('it is still DELETING after');
  });
});
