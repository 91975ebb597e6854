import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { operations } from '../../apps/kinesis-local/src/operations/operations.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';
import { adminNames, anyBody, kinesisNames, timestreamNames } from './hostile-bodies.ts';

/** Maximum size of a rejection, whatever the request: its message, and the text around it. */
const refusalBytesMax = 20_000;
const numRuns = 500;
/** The admin endpoint reads 1 MiB of UTF-8. */
const adminCharactersMax = 500_000;
const kinesisTarget = 'Kinesis_20131202';
const timestreamTarget = 'Timestream_20181101';

const cleanUp = new AsyncDisposableStack();
let kinesisUrl: string;
let timestreamUrl: string;

beforeAll(async () => {
  const kinesis = cleanUp.use(await startKinesisLocal({ port: 0, hasAdmin: true }));
  kinesisUrl = kinesis.url;
  timestreamUrl = cleanUp.use(await startTimestreamLocal()).endpoint;
  await kinesis.account.createStream({ streamName: 'raw', shardsCount: 1 });
});
afterAll(() => cleanUp.disposeAsync());

interface Call {
  readonly url: string;
  readonly method?: string;
  readonly type?: string;
  readonly target?: string;
  readonly body: string;
}

async function reply({ url, method = 'POST', type = 'application/json', target, body }: Call) {
  const headers = { 'content-type': type, ...(target && { 'x-amz-target': target }) };
  const response = await fetch(url, { method, headers, body });
  return { status: response.status, text: await response.text() };
}

const kinesisCall = (operation: string, body: string) => ({
  url: kinesisUrl,
  type: 'application/x-amz-json-1.1',
  target: `${kinesisTarget}.${operation}`,
  body,
});

const timestreamCall = (operation: string, body: string) => ({
  url: timestreamUrl,
  type: 'application/x-amz-json-1.0',
  target: `${timestreamTarget}.${operation}`,
  body,
});

const timestreamOperations = ['WriteRecords', 'Query', 'CreateTable', 'CreateDatabase', 'Nothing'];

/**
 * Goal: no refusal grows with what it refuses, so that a small request cannot take much of the server
 * or of the line. Method: bodies that are long, many, deep and of the wrong types, at every operation.
 */
describe('a rejection', () => {
  it('of kinesis-local is short', async () => {
    const anyOperation = fc.constantFrom(...operations.keys(), 'Nothing', 'x'.repeat(10_000));
    await fc.assert(
      fc.asyncProperty(anyOperation, anyBody(kinesisNames), async (operation, { text }) => {
        await isShort(kinesisCall(operation, text));
      }),
      { numRuns },
    );
  });

  it('of timestream-local is short', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...timestreamOperations),
        anyBody(timestreamNames),
        async (operation, { text }) => {
          await isShort(timestreamCall(operation, text));
        },
      ),
      { numRuns },
    );
  });

  it('of the admin endpoint is short', async () => {
    const anyPath = fc.constantFrom('faults', 'limits', 'streams/raw/limits', 'streams/raw/shards');
    await fc.assert(
      fc.asyncProperty(anyPath, anyBody(adminNames, adminCharactersMax), async (path, { text }) => {
        await isShort({ url: `${kinesisUrl}/_admin/${path}`, method: 'PUT', body: text });
      }),
      { numRuns },
    );
  });

  it('lists at most ten problems, like the service', async () => {
    const Records = Array.from({ length: 500 }, () => ({}));
    const { text } = await reply(
      kinesisCall('PutRecords', JSON.stringify({ StreamName: 'raw', Records })),
    );
    const { message } = JSON.parse(text) as { message: string };
    expect(message).toMatch(/^10 validation errors detected: /);
    expect(message.split('; ')).toHaveLength(10);
  });

  it('names a list that is too long, and nothing in it', async () => {
    const list = (count: number) => `[${'{},'.repeat(count - 1)}{}]`;
    const sixteenMb = `{"StreamName":"raw","Records":${list(5_500_000)}}`;
    const { status, text } = await reply(kinesisCall('PutRecords', sixteenMb));
    expect({ status, ...(JSON.parse(text) as object) }).toEqual({
      status: 400,
      __type: 'ValidationException',
      message:
        "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
    });
    const written = `{"DatabaseName":"dbx","TableName":"tab","Records":[12345678901234567890,${'{},'.repeat(600_000)}{}]}`;
    const refused = await reply(timestreamCall('WriteRecords', written));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("'[600002 elements]' at 'records'");
    expect(refused.text.length).toBeLessThan(500);
  });

  it('shows no more than the start of a value or a name', async () => {
    const long = 'a'.repeat(1_000_000);
    const bodies = {
      DescribeStream: { StreamName: long },
      AddTagsToStream: { StreamName: 'raw', Tags: { [long]: null } },
      GetShardIterator: { StreamName: 'raw', ShardId: '0', ShardIteratorType: long },
      DeleteStream: { StreamARN: `arn:aws${':kinesis:'.repeat(100_000)}` },
    };
    for (const [operation, body] of Object.entries(bodies)) {
      const { status, text } = await reply(kinesisCall(operation, JSON.stringify(body)));
      expect({ operation, status }).toEqual({ operation, status: 400 });
      expect(text.length).toBeLessThan(1_500);
    }
  });
});

async function isShort(call: Call): Promise<void> {
  const { status, text } = await reply(call);
  if (status !== 200) expect(text.length).toBeLessThan(refusalBytesMax);
  expect(status === 500 ? text : '').toBe('');
}
