import { TimestreamWriteClient, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { Row, Store } from '@highwater/model';
import { createLogger, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openStore as openStoreOf, storeConfig } from '@highwater/stores';
import { startTimestreamLocal, type TimestreamLocal } from '@highwater/timestream-local';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeContract } from './store-contract.ts';

const { signal } = new AbortController();
const stack = new AsyncDisposableStack();
let server: TimestreamLocal;
let store: Store;

function openStore(table: string) {
  const config = loadConfig(storeConfig, {
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: server.endpoint,
    HW_STORE: `timestream://highwater/${table}`,
  });
  const log = createLogger({ name: 'test', level: 'silent', clock: systemClock });
  const metrics = defineStoreMetrics(new Registry());
  return openStoreOf(config, 'views', {
    clock: systemClock,
    log,
    metrics,
    random: systemRandom,
    signal,
  });
}

beforeAll(async () => {
  server = stack.use(await startTimestreamLocal());
  store = stack.use(await openStore('metrics'));
});
afterAll(() => stack.disposeAsync());

function rowOf(overrides: Partial<Row> = {}): Row {
  return {
    measureName: 'limits',
    measureValueType: 'DOUBLE',
    measureValue: '1',
    dimensions: [{ name: 'host', value: 'limits' }],
    time: String(Date.now()),
    timeUnit: 'MILLISECONDS',
    version: 1,
    ...overrides,
  };
}

describe('TimestreamStore against timestream-local', () => {
  it.each(storeContract)('$title', async ({ hold }) => {
    await expect(hold(store)).resolves.toBeUndefined();
  });

  it('takes a row that is older than the memory store keeps', async () => {
    const old = rowOf({ time: String(Date.now() - 5 * 24 * 3600_000) });
    expect(await store.write([old], signal)).toEqual([{ status: 'written' }]);
  });

  it.each([
    ['older than the magnetic store keeps', -9 * 24 * 3600_000],
    ['further ahead than the service takes', 45 * 60_000],
  ])('rejects a row %s, and writes its neighbors', async (_, byMs) => {
    const rows = [0, byMs, 1].map((ms) => rowOf({ time: String(Date.now() + ms) }));
    expect(await store.write(rows, signal)).toMatchObject([
      { status: 'written' },
      { status: 'rejected', reason: 'time_out_of_range' },
      { status: 'written' },
    ]);
  });

  it('opens one table from several processes at the same time', async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore('shared')));
    const outcomes = await Promise.all(stores.map((opened) => opened.write([rowOf()], signal)));
    expect(outcomes.flat()).toHaveLength(4);
    await Promise.all(stores.map((opened) => opened[Symbol.asyncDispose]()));
  });

  // Goal: the check before sending refuses nothing that the service takes. Method: what it refuses
  // is sent without it, and refused as a whole request.
  it.each<[string, Partial<Row>]>([
    ['no dimension', { dimensions: [] }],
    ['a dimension twice', { dimensions: [1, 2].map((i) => ({ name: 'host', value: String(i) })) }],
    ['a dimension name of 61 bytes', { dimensions: [{ name: 'x'.repeat(61), value: '1' }] }],
    ['a reserved dimension name', { dimensions: [{ name: 'measure_name', value: '1' }] }],
    [
      '129 dimensions',
      { dimensions: Array.from({ length: 129 }, (_, i) => ({ name: `d${i}`, value: '1' })) },
    ],
    ['a measure name of 257 bytes', { measureName: 'x'.repeat(257) }],
    ['a value that is not a number', { measureValue: 'NaN' }],
    ['an empty VARCHAR', { measureValue: '', measureValueType: 'VARCHAR' }],
    ['a BIGINT of 65 bits', { measureValue: '9223372036854775808', measureValueType: 'BIGINT' }],
    ['version 0', { version: 0 }],
  ])('rejects before sending only rows that the service rejects: %s', async (_, overrides) => {
    const row = rowOf(overrides);
    expect(await store.write([row], signal)).toMatchObject([{ reason: 'invalid' }]);
    await expect(sendUnchecked(row)).rejects.toMatchObject({
      name: expect.stringMatching(/ValidationException|RejectedRecordsException/),
    });
  });
});

async function sendUnchecked(row: Row): Promise<void> {
  const client = new TimestreamWriteClient({
    region: 'us-east-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const record = {
    MeasureName: row.measureName,
    MeasureValue: row.measureValue,
    MeasureValueType: row.measureValueType,
    Dimensions: row.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
    Time: row.time,
    TimeUnit: row.timeUnit,
    Version: row.version,
  };
  await client.send(
    new WriteRecordsCommand({ DatabaseName: 'highwater', TableName: 'metrics', Records: [record] }),
  );
}
