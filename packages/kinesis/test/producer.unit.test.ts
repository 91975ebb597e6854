import {
  FaultPlan,
  MemoryKinesis,
  SeededRandom,
  SimulatedClock,
  withFaults,
  silentLogger,
} from '@highwater/testkit';
import type { OutgoingRecord } from '@highwater/model';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  createProducer,
  defineProducerMetrics,
  KinesisError,
  type KinesisApi,
  type PutResult,
} from '../src/index.ts';
import { PutTimeoutError, RecordTooLargeError } from '../src/errors.ts';
import { named, nameOf, scripted, stream } from './fixtures.ts';

const never = new AbortController().signal;

function producerOf(api: KinesisApi, options: { inFlightMax?: number; deadlineMs?: number } = {}) {
  const clock = new SimulatedClock();
  const registry = new Registry();
  const random = new SeededRandom('producer');
  const metrics = defineProducerMetrics(registry);
  const ports = { clock, log: silentLogger, metrics, random: () => random.uniform() };
  return { clock, registry, producer: createProducer({ ...ports, api, stream, ...options }) };
}

const taken: PutResult = { ok: true, shardId: 'shardId-0', sequenceNumber: '1' };
const refused: PutResult = {
  ok: false,
  errorCode: 'ProvisionedThroughputExceededException',
  errorMessage: 'Rate exceeded.',
};

/**
 * Accepts an entry at the attempt that `attempts` specifies for it, and records the entries of each
 * call.
 */
function refusing(attempts: ReadonlyMap<string, number>) {
  const calls: string[][] = [];
  const seen = new Map<string, number>();
  const api = scripted({
    async putRecords(_, records: readonly OutgoingRecord[]) {
      calls.push(records.map(nameOf));
      return records.map((record) => {
        const name = nameOf(record);
        const attempt = (seen.get(name) ?? 0) + 1;
        seen.set(name, attempt);
        return attempt >= (attempts.get(name) ?? 1) ? taken : refused;
      });
    },
  });
  return { api, calls };
}

describe('the producer', () => {
  it('sends exactly the rejected entries again, in their order', async () => {
    const anyAttempts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyAttempts, async (attempts) => {
        const names = attempts.map((_, index) => `r${index}`);
        const wanted = new Map(names.map((name, index) => [name, attempts[index] ?? 1]));
        const { api, calls } = refusing(wanted);
        const { producer, clock } = producerOf(api);
        const done = producer.put(
          names.map((name) => named(name)),
          never,
        );
        await Promise.all([done, clock.advance(60_000)]);
        for (const [index, call] of calls.entries()) {
          expect(call).toEqual(names.filter((name) => (wanted.get(name) ?? 1) > index));
        }
        expect(calls).toHaveLength(Math.max(...attempts));
      }),
    );
  });

  it('counts records once, however often they were sent', async () => {
    const { api } = refusing(new Map([['b', 4]]));
    const { producer, clock, registry } = producerOf(api);
    await Promise.all([producer.put([named('a'), named('b')], never), clock.advance(60_000)]);
    const sent = await registry.getSingleMetric('highwater_records_sent_total')?.get();
    expect(sent?.values[0]?.value).toBe(2);
    const retries = await registry.getSingleMetric('kinesis_put_retries_total')?.get();
    expect(retries?.values[0]?.value).toBe(3);
  });

  it('sends a batch with an unknown outcome again', async () => {
    let calls = 0;
    const api = scripted({
      async putRecords(_, records) {
        calls += 1;
        if (calls < 3) throw new KinesisError('PutRecords', 'TimeoutError', 'no reply');
        return records.map(() => taken);
      },
    });
    const { producer, clock } = producerOf(api);
    await Promise.all([producer.put([named('a')], never), clock.advance(60_000)]);
    expect(calls).toBe(3);
  });

  it('gives up at its deadline, and reports the number of records and the reason', async () => {
    const { api } = refusing(new Map([['a', Number.POSITIVE_INFINITY]]));
    const { producer, clock } = producerOf(api, { deadlineMs: 30_000 });
    const outcome = producer.put([named('a'), named('b')], never).catch((error: unknown) => error);
    await clock.advance(29_000);
    expect(clock.sleepersCount).toBe(1);
    await clock.advance(10_000);
    const error = await outcome;
    expect(error).toBeInstanceOf(PutTimeoutError);
    expect((error as Error).message).toMatch(
      /putting 1 records on points: not accepted for 3\d s; last error: ProvisionedThroughputExceeded/,
    );
  });

  it('does not resend what can never succeed', async () => {
    let calls = 0;
    const api = scripted({
      async putRecords() {
        calls += 1;
        throw new KinesisError('PutRecords', 'ResourceNotFoundException', 'no such stream');
      },
    });
    const { producer } = producerOf(api);
    await expect(producer.put([named('a')], never)).rejects.toThrow('ResourceNotFoundException');
    expect(calls).toBe(1);
  });

  it('sends nothing when one record is too large', async () => {
    const { producer } = producerOf(scripted({}));
    const large = { partitionKey: 'k', data: new Uint8Array(1024 * 1024) };
    await expect(producer.put([named('a'), large], never)).rejects.toThrow(RecordTooLargeError);
  });

  it('ends with the reason of its signal', async () => {
    const { api } = refusing(new Map([['a', Number.POSITIVE_INFINITY]]));
    const { producer, clock } = producerOf(api);
    const abort = new AbortController();
    const outcome = producer.put([named('a')], abort.signal).catch((error: unknown) => error);
    await clock.advance(500);
    abort.abort(new Error('stopping'));
    expect(await outcome).toEqual(new Error('stopping'));
    expect(clock.sleepersCount).toBe(0);
  });

  it('has no more calls in progress than allowed, over all its puts', async () => {
    let underWay = 0;
    let most = 0;
    const { producer, clock } = producerOf(
      scripted({
        async putRecords(_, records) {
          underWay += 1;
          most = Math.max(most, underWay);
          await clock.sleep(100);
          underWay -= 1;
          return records.map(() => taken);
        },
      }),
      { inFlightMax: 3 },
    );
    const records = Array.from({ length: 2_500 }, (_, index) => named(`r${index}`));
    const puts = [producer.put(records, never), producer.put(records, never)];
    await clock.advance(10_000);
    await Promise.all(puts);
    expect(most).toBe(3);
    expect(underWay).toBe(0);
  });

  // Goal: every record that was put is stored, whatever the stream does. Method: a real stream with
  // faults. Each record is found at least once, and more often only when a reply was lost.
  it('loses no record to rejections, failures, and lost replies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const clock = new SimulatedClock();
        const kinesis = new MemoryKinesis(clock);
        await kinesis.create(stream, 2);
        const random = new SeededRandom(seed);
        const rates = { throttle: 0.2, fail: 0.1, loseReply: 0.1, partial: 0.5, delay: 0.2 };
        const api = withFaults(kinesis, new FaultPlan(random, rates), clock);
        const metrics = defineProducerMetrics(new Registry());
        const ports = { clock, log: silentLogger, metrics, random: () => random.uniform() };
        const producer = createProducer({ ...ports, api, stream });
        const names = Array.from({ length: 700 }, (_, index) => `r${index}`);
        const done = producer.put(
          names.map((name) => named(name)),
          never,
        );
        await Promise.all([done, clock.advance(600_000)]);
        const found = new Set<string>();
        for (const { shardId } of await kinesis.listShards(stream)) {
          const position = { type: 'TRIM_HORIZON' } as const;
          const iterator = await kinesis.getIterator({ stream, shardId, position });
          const { records } = await kinesis.getRecords({ iterator, limit: 10_000 });
          for (const record of records) found.add(nameOf(record));
        }
        expect(found.size).toBe(names.length);
      }),
      { numRuns: 20 },
    );
  });
});
