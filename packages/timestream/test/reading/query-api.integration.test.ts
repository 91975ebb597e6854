import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { QueryRefusedError, StoreUnavailableError } from '@highwater/store-kit';
import { SimulatedClock } from '@highwater/testkit';
import { createSdkQueryApi } from '../../src/reading/query-api.ts';

interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answer = { readonly status?: number; readonly body: object } | 'none';

/** A store that answers each call as a test says, and an API to call it. */
async function storeOf(answer: (asked: Asked) => Answer, requestTimeoutMs = 30_000) {
  const asked: Asked[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const target = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = (await json(request)) as Asked['input'];
    if (target === 'DescribeEndpoints') {
      const { port } = server.address() as AddressInfo;
      const Endpoints = [{ Address: `127.0.0.1:${port}`, CachePeriodInMinutes: 60 }];
      response.end(JSON.stringify({ Endpoints }));
      return;
    }
    const call = { operation: target, input };
    asked.push(call);
    const answered = answer(call);
    if (answered === 'none') return;
    response.writeHead(answered.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answered.body));
  };
  const server = createServer((request, response) => {
    reply(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const queries = createSdkQueryApi({
    region: 'us-east-1',
    endpoint: url,
    requestTimeoutMs,
    requestsInFlightMax: 6,
    clock: new SimulatedClock(),
  });
  return {
    asked,
    queries,
    [Symbol.asyncDispose]: async () => {
      queries[Symbol.dispose]();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const limits = (rowsMax = 1_000) => ({ rowsMax, signal: new AbortController().signal });
const columns = [{ Name: 'n', Type: { ScalarType: 'BIGINT' } }];
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Data: [{ ScalarValue: String(index) }] }));
const page = (count: number, more: object = {}) => ({
  body: { QueryId: 'q-1', ColumnInfo: columns, Rows: rowsOf(count), ...more },
});
const refusal = (type: string, message: string) => ({
  status: 400,
  body: { __type: type, message },
});

it('reads page after page, and requests no more rows than wanted', async () => {
  await using store = await storeOf(({ input }) =>
    input['NextToken'] === undefined ? page(1_000, { NextToken: 'next' }) : page(200),
  );
  const { rows, isTruncated } = await store.queries.query('SELECT n', limits(1_200));
  expect([rows.length, isTruncated]).toEqual([1_200, false]);
  expect(store.asked.map(({ input }) => [input['NextToken'], input['MaxRows']])).toEqual([
    [undefined, 1_000],
    ['next', 200],
  ]);
});

it('cancels a query that it does not read to its end, because it would continue to scan', async () => {
  await using store = await storeOf(({ operation }) =>
    operation === 'Query' ? page(10, { NextToken: 'next' }) : { body: {} },
  );
  const { rows, isTruncated } = await store.queries.query('SELECT n', limits(10));
  expect([rows.length, isTruncated]).toEqual([10, true]);
  expect(store.asked.at(-1)).toEqual({ operation: 'CancelQuery', input: { QueryId: 'q-1' } });
});

it('answers although the store rejects the cancellation', async () => {
  await using store = await storeOf(({ operation }) =>
    operation === 'Query'
      ? page(10, { NextToken: 'next' })
      : refusal('ValidationException', 'the query has ended'),
  );
  expect((await store.queries.query('SELECT n', limits(10))).rows).toHaveLength(10);
});

it('reports where a statement is wrong', async () => {
  await using store = await storeOf(() =>
    refusal('ValidationException', "line 3:14: Column 'x' does not exist"),
  );
  const failure = await store.queries.query('SELECT x', limits()).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(QueryRefusedError);
  expect(failure).toMatchObject({
    message: "line 3:14: Column 'x' does not exist",
    place: { line: 3, column: 14 },
  });
});

it.each(['QueryExecutionException', 'ConflictException', 'AccessDeniedException'])(
  'treats %s as a rejection of the statement',
  async (type) => {
    await using store = await storeOf(() => refusal(type, 'the words of the store'));
    const failure = store.queries.query('SELECT n', limits());
    await expect(failure).rejects.toBeInstanceOf(QueryRefusedError);
    await expect(failure).rejects.toThrow('the words of the store');
  },
);

it('treats any other failure as a store that cannot answer', async () => {
  await using store = await storeOf(() => ({
    status: 500,
    body: { __type: 'InternalServerException', message: 'on fire' },
  }));
  const failure = store.queries.query('SELECT n', limits());
  await expect(failure).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(failure).rejects.toThrow('querying the store: on fire');
});

it('stops waiting for a store that does not answer, and says how long it waited', async () => {
  await using store = await storeOf(() => 'none', 100);
  const failure = store.queries.query('SELECT n', limits());
  await expect(failure).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(failure).rejects.toThrow('querying the store: no answer within 0.1 s');
});

it('ends with its request, without blaming the store', async () => {
  const gone = new AbortController();
  await using store = await storeOf(() => {
    gone.abort(new Error('the client is gone'));
    return 'none';
  });
  const query = store.queries.query('SELECT n', { rowsMax: 1, signal: gone.signal });
  await expect(query).rejects.toThrow('the client is gone');
});

it('returns scalars unchanged, the rest as JSON, and types in the syntax of the store', async () => {
  const scalar = (ScalarType: string) => ({ Name: ScalarType, Type: { ScalarType } });
  const bigint = { Type: { ScalarType: 'BIGINT' } };
  await using store = await storeOf(() => ({
    body: {
      QueryId: 'q-1',
      ColumnInfo: [
        scalar('DOUBLE'),
        { Name: 'list', Type: { ArrayColumnInfo: bigint } },
        { Name: 'row', Type: { RowColumnInfo: [bigint, { Type: { ScalarType: 'VARCHAR' } }] } },
        { Name: 'series', Type: { TimeSeriesMeasureValueColumnInfo: bigint } },
        { Type: { ScalarType: 'BOOLEAN' } },
      ],
      Rows: [
        {
          Data: [
            { ScalarValue: '0.10' },
            { ArrayValue: [{ ScalarValue: '1' }, { NullValue: true }] },
            { RowValue: { Data: [{ ScalarValue: '2' }, { ScalarValue: 'two' }] } },
            { TimeSeriesValue: [{ Time: 'noon', Value: { ScalarValue: '3' } }] },
            { NullValue: true },
          ],
        },
      ],
      QueryStatus: { CumulativeBytesScanned: 77 },
    },
  }));
  const result = await store.queries.query('SELECT n', limits());
  expect(result.columns).toEqual([
    { name: 'DOUBLE', type: 'DOUBLE' },
    { name: 'list', type: 'ARRAY(BIGINT)' },
    { name: 'row', type: 'ROW(BIGINT, VARCHAR)' },
    { name: 'series', type: 'TIMESERIES(BIGINT)' },
    { name: '_col4', type: 'BOOLEAN' },
  ]);
  expect(result.rows).toEqual([['0.10', '["1",null]', '["2","two"]', '[["noon","3"]]', null]]);
  expect(result.bytesScanned).toBe(77);
});
