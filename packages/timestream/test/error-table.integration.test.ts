import { describe, expect, it, onTestFinished } from 'vitest';
import type { Row } from '@highwater/model';
import { openTimestreamStore } from '../src/index.ts';
import { TimestreamError } from '../src/errors.ts';
import { InstantClock, openOptions, rowOf, tableOf } from './fakes.ts';
import {
  refusal,
  startScriptedServer,
  table,
  written,
  type Reply,
  type ScriptedRequest,
} from './scripted-server.ts';

const rejectedMessage = 'One or more records have been rejected. See RejectedRecords for details.';

/** A store with a real SDK client and a server that answers WriteRecords as the test specifies. */
async function openAgainst(
  answer: (request: ScriptedRequest, index: number) => Reply | Promise<Reply>,
  limits: Partial<ReturnType<typeof openOptions>> = {},
) {
  const server = await startScriptedServer((request, index) =>
    request.operation === 'DescribeTable' ? table('ACTIVE') : answer(request, index),
  );
  const clock = new InstantClock();
  const options = { ...openOptions(clock), ...limits };
  const store = await openTimestreamStore(tableOf({ endpoint: server.url }), options);
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return {
    server,
    clock,
    registry: options.registry,
    write: (rows: readonly Row[], signal = options.signal) => store.write(rows, signal),
  };
}

const reject = (RecordIndex: number, Reason: string, more: object = {}) => ({
  RecordIndex,
  Reason,
  ...more,
});

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => rowOf({ measureName: `m${100 + i}` }));
const allWritten = (count: number) => rowsOf(count).map(() => ({ status: 'written' }));

async function longestSleepMs(message: string): Promise<number> {
  const store = await openAgainst((_, index) =>
    index < 12 ? refusal(429, 'ThrottlingException', message) : written,
  );
  await store.write(rowsOf(1));
  return Math.max(...store.clock.sleepsMs);
}

describe('TimestreamStore over a socket', () => {
  it.each<{ because: string; reply: Reply; reason: string }>([
    {
      because: 'the memory store throttles',
      reply: refusal(429, 'ThrottlingException', 'Rate exceeded'),
      reason: 'throttled',
    },
    {
      because: 'the magnetic store throttles',
      reply: refusal(429, 'ThrottlingException', 'Check ActiveMagneticStorePartitions metric'),
      reason: 'throttled_magnetic',
    },
    {
      because: 'the service fails',
      reply: refusal(500, 'InternalServerException', 'internal'),
      reason: 'server_error',
    },
    {
      because: 'a proxy answers in HTML',
      reply: { status: 503, body: '<html>unavailable</html>' },
      reason: 'server_error',
    },
    { because: 'the reply is lost', reply: 'lost', reason: 'connection' },
    {
      because: 'the endpoint has moved',
      reply: refusal(421, 'InvalidEndpointException', 'The requested endpoint was not valid.'),
      reason: 'endpoint_moved',
    },
    { because: 'no reply comes in time', reply: 'silent', reason: 'timeout' },
  ])('sends the same rows and versions again when $because', async ({ reply, reason }) => {
    const limits = { requestTimeoutMs: reply === 'silent' ? 100 : 20_000 };
    const store = await openAgainst((_, index) => (index < 2 ? reply : written), limits);
    expect(await store.write(rowsOf(3))).toEqual(allWritten(3));
    const texts = store.server.of('WriteRecords').map(({ text }) => text);
    expect(new Set(texts).size).toBe(1);
    const line = new RegExp(`^sink_retries_total\\{reason="${reason}"\\} (\\d+)$`, 'm');
    const retries = Number(line.exec(await store.registry.metrics())?.[1]);
    // On a busy machine, the short timeout may expire again, even before a request is sent.
    if (reply === 'silent') {
      expect(texts.length).toBeGreaterThanOrEqual(3);
      expect(retries).toBeGreaterThanOrEqual(texts.length - 1);
    } else {
      expect(texts).toHaveLength(3);
      expect(retries).toBe(2);
    }
  });

  it('reads a partial success row by row, in the words of the service', async () => {
    const store = await openAgainst(() =>
      refusal(419, 'RejectedRecordsException', rejectedMessage, {
        RejectedRecords: [
          reject(
            1,
            'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.',
          ),
          reject(
            2,
            'The record version 1 is lower than the existing version 200. A higher version is required to update the measure value.',
            { ExistingVersion: 200 },
          ),
          reject(
            3,
            'The record timestamp is outside the time range [2021-11-10T06:36:10.000Z, 2021-11-11T07:16:10.000Z) of the memory store.',
          ),
          reject(4, 'The moon is in the wrong quarter.'),
        ],
      }),
    );
    expect(await store.write(rowsOf(5))).toMatchObject([
      { status: 'written' },
      { status: 'rejected', reason: 'version_conflict' },
      { status: 'already_newer', existingVersion: 200 },
      { status: 'rejected', reason: 'time_out_of_range' },
      { status: 'rejected', reason: 'other', detail: 'The moon is in the wrong quarter.' },
    ]);
    expect(store.server.of('WriteRecords')).toHaveLength(1);
  });

  it.each<{ because: string; reply: Reply; detail: string }>([
    {
      because: 'a row is not valid',
      reply: {
        status: 400,
        body: {
          __type: 'com.amazon.coral.validate#ValidationException',
          message: "1 validation error detected: Value 'X' at 'records.1.member'",
        },
      },
      detail: "1 validation error detected: Value 'X' at 'records.1.member'",
    },
    {
      because: 'the request is too large',
      reply: { status: 413, body: '<html>Too large</html>' },
      detail: 'HTTP 413',
    },
  ])('bisects a request down to the bad row when $because', async ({ reply, detail }) => {
    const store = await openAgainst(({ text }) => (text.includes('bad') ? reply : written));
    const rows = rowsOf(64).with(17, rowOf({ measureName: 'bad' }));
    const outcomes = await store.write(rows);
    expect(outcomes.filter(({ status }) => status === 'written')).toHaveLength(63);
    expect(outcomes[17]).toMatchObject({ status: 'rejected', reason: 'invalid' });
    expect(outcomes[17]).toHaveProperty('detail', expect.stringContaining(detail));
    // After the first request, six cuts from 64 to 1 with two requests each.
    expect(store.server.of('WriteRecords')).toHaveLength(13);
  });

  it.each([
    [403, 'AccessDeniedException'],
    [404, 'ResourceNotFoundException'],
    [402, 'ServiceQuotaExceededException'],
    [403, 'UnrecognizedClientException'],
  ])('throws immediately on %i %s', async (status, exception) => {
    const store = await openAgainst(() => refusal(status, exception, 'no'));
    const writing = store.write(rowsOf(250));
    await expect(writing).rejects.toThrow(TimestreamError);
    await expect(writing).rejects.toMatchObject({ exception, retry: 'never', domain: 'user' });
  });

  it('gives up after the configured time, with an error of the service', async () => {
    const store = await openAgainst(() => refusal(500, 'InternalServerException', 'down'), {
      giveUpAfterMs: 30_000,
    });
    await expect(store.write(rowsOf(1))).rejects.toMatchObject({
      exception: 'InternalServerException',
      retry: 'backoff',
      domain: 'external',
    });
    expect(store.clock.sleepsMs.reduce((sum, delayMs) => sum + delayMs)).toBeGreaterThan(30_000);
  });

  it('backs off briefly from the memory store and long from the magnetic store', async () => {
    expect(await longestSleepMs('Rate exceeded')).toBe(500);
    expect(await longestSleepMs('Magnetic store throttled')).toBe(30_000);
  });

  it('has as many requests in flight as allowed, and no more', async () => {
    let inFlight = 0;
    let mostInFlight = 0;
    const full = Promise.withResolvers<void>();
    const store = await openAgainst(
      async () => {
        mostInFlight = Math.max(mostInFlight, ++inFlight);
        if (inFlight === 3) full.resolve();
        await full.promise;
        inFlight--;
        return written;
      },
      { requestsInFlightMax: 3 },
    );
    expect(await store.write(rowsOf(850))).toEqual(allWritten(850));
    expect(mostInFlight).toBe(3);
  });

  it('stops waiting when the signal aborts, with its reason', async () => {
    const stop = new AbortController();
    const store = await openAgainst(() => {
      stop.abort(new Error('draining'));
      return 'silent';
    });
    await expect(store.write(rowsOf(300), stop.signal)).rejects.toThrow('draining');
  });

  it('goes directly to the given endpoint', async () => {
    const store = await openAgainst(() => written);
    await store.write(rowsOf(1));
    expect(store.server.requests.map(({ operation }) => operation)).toEqual([
      'DescribeTable',
      'WriteRecords',
    ]);
  });
});
