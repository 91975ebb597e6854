import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { KinesisError, type KinesisApi, type SubscriptionEvent } from '../src/index.ts';
import { named, scripted, stream } from './fixtures.ts';
import { namesOf, openReader, readOnce, readUntil, type Delivered } from './reader-bench.ts';

const event = (changes: Partial<SubscriptionEvent>): SubscriptionEvent => ({
  records: [],
  continuation: '100',
  behindLatestMs: 0,
  childShards: [],
  ...changes,
});

const active = [{ consumerName: 'reader', consumerArn: 'arn', status: 'ACTIVE' }] as const;

async function labelled(registry: Registry, name: string, label: string) {
  const metric = await registry.getSingleMetric(name)?.get();
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [labels[label], value]),
  );
}

/** A server whose test decides what each subscription does. */
function server(clock: SimulatedClock, subscribe: KinesisApi['subscribe']) {
  const times: number[] = [];
  const positions: unknown[] = [];
  const api = scripted({
    listConsumers: async () => active,
    async subscribe(request, signal) {
      times.push(clock.monotonicMs());
      positions.push(request.position);
      return subscribe(request, signal);
    },
  });
  return { api, times, positions };
}

async function* eventsOf(...events: readonly SubscriptionEvent[]) {
  yield* events;
}

function forEver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

describe('FanOutReader', () => {
  it('registers its consumer once, and waits until it is active', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock, { transitionMs: 3_000 });
    await kinesis.create(stream, 1);
    await clock.advance(3_000);
    await kinesis.putRecords(stream, [named('a')]);
    for (let index = 0; index < 2; index++) {
      await using reader = openReader({ mode: 'fan-out', api: kinesis, clock });
      await readUntil(reader, clock, (all) => namesOf(all).length > 0);
      await clock.advance(5_000);
    }
    // It remains when its readers are gone.
    expect(await kinesis.listConsumers(stream)).toMatchObject([{ status: 'ACTIVE' }]);
  });

  it('subscribes again immediately after five minutes, with neither gap nor repeat', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create(stream, 1);
    const registry = new Registry();
    await using reader = openReader({ mode: 'fan-out', api: kinesis, clock, registry });
    const names: string[] = [];
    for (let minute = 0; minute < 16; minute++) {
      await kinesis.putRecords(stream, [named(`m${minute}`)]);
      const untilMs = clock.monotonicMs() + 60_000;
      while (clock.monotonicMs() < untilMs) {
        const startMs = clock.monotonicMs();
        const read = await readOnce(reader, clock);
        if (read.type !== 'nothing') names.push(...namesOf([read]));
        expect(clock.monotonicMs() - startMs).toBeLessThanOrEqual(1_000);
      }
    }
    expect(names).toEqual(Array.from({ length: 16 }, (_, minute) => `m${minute}`));
    const ends = await labelled(registry, 'kinesis_subscriptions_ended_total', 'cause');
    expect(ends).toEqual({ ended: 3 });
  });

  it('resumes after the continuation, even where there were no records', async () => {
    const clock = new SimulatedClock();
    let calls = 0;
    const { api, positions } = server(clock, async () => {
      calls += 1;
      return eventsOf(event({ continuation: `${calls}00` }));
    });
    await using reader = openReader({ mode: 'fan-out', api, clock });
    const reads = await readUntil(reader, clock, (all) => all.length >= 3);
    expect(reads.map(({ position }) => position)).toEqual(
      ['100', '200', '300'].map((sequenceNumber) => ({
        type: 'AFTER_SEQUENCE_NUMBER',
        sequenceNumber,
      })),
    );
    expect(positions.slice(0, 3)).toEqual([
      { type: 'TRIM_HORIZON' },
      { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '100' },
      { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '200' },
    ]);
  });

  it('does not call a server in a loop that disconnects immediately', async () => {
    const clock = new SimulatedClock();
    const { api, times } = server(clock, async () => eventsOf(event({})));
    await using reader = openReader({ mode: 'fan-out', api, clock });
    while (clock.monotonicMs() < 120_000) await readOnce(reader, clock);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Within five seconds, the service would reject it.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(11_000);
  });

  it('gives up a silent subscription, and tells the server', async () => {
    const clock = new SimulatedClock();
    const aborted: boolean[] = [];
    const { api, times } = server(clock, async (_, signal) => {
      const index = aborted.push(false) - 1;
      signal.addEventListener('abort', () => (aborted[index] = true));
      return (async function* () {
        yield event({});
        await forEver(signal);
      })();
    });
    const registry = new Registry();
    await using reader = openReader({ mode: 'fan-out', api, clock, registry });
    while (times.length < 3) await readOnce(reader, clock);
    expect(times).toEqual([0, 35_000, 70_000]);
    expect(aborted.slice(0, 2)).toEqual([true, true]);
    const ends = await labelled(registry, 'kinesis_subscriptions_ended_total', 'cause');
    expect(ends).toEqual({ stalled: 2 });
  });

  it('does not count the processing time of its records as silence', async () => {
    const clock = new SimulatedClock();
    const { api, times } = server(clock, async (_, signal) =>
      (async function* () {
        for (let index = 1; ; index++) {
          yield event({ continuation: `${index}` });
          await clock.sleep(20_000, signal);
        }
      })(),
    );
    await using reader = openReader({ mode: 'fan-out', api, clock });
    for (let index = 0; index < 10; index++) {
      await readUntil(reader, clock, (all) => all.length > 0);
      await clock.advance(60_000);
    }
    expect(times).toHaveLength(1);
  });

  it('waits five seconds for the slot of the previous reader, without an error', async () => {
    const clock = new SimulatedClock();
    let calls = 0;
    const { api, times } = server(clock, async () => {
      calls += 1;
      if (calls < 3) throw new KinesisError('SubscribeToShard', 'ResourceInUseException', 'taken');
      return eventsOf(event({}));
    });
    const registry = new Registry();
    await using reader = openReader({ mode: 'fan-out', api, clock, registry });
    await readUntil(reader, clock, (all) => all.length > 0);
    expect(times).toEqual([0, 5_000, 10_000]);
    expect(await labelled(registry, 'highwater_errors_total', 'code')).toEqual({});
  });

  it('subscribes only when no other worker can have the shard', async () => {
    const clock = new SimulatedClock();
    const { api, times } = server(clock, async () => eventsOf(event({})));
    const lease = Promise.withResolvers<void>();
    const confirm = () => lease.promise;
    await using reader = openReader({ mode: 'fan-out', api, clock, confirm });
    const read = reader.read(new AbortController().signal);
    await clock.advance(60_000);
    expect(times).toEqual([]);
    lease.resolve();
    await read;
    expect(times).toHaveLength(1);
  });

  it('finds the new ARN of a consumer that was registered again', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock, { subscriptionTimes: { lifeMs: 10_000 } });
    await kinesis.create(stream, 1);
    await using reader = openReader({ mode: 'fan-out', api: kinesis, clock });
    const reads: Delivered[] = [...(await readUntil(reader, clock, (all) => all.length > 0))];
    const [consumer] = await kinesis.listConsumers(stream);
    await kinesis.deregisterConsumer(consumer?.consumerArn ?? '');
    await kinesis.putRecords(stream, [named('a')]);
    reads.push(...(await readUntil(reader, clock, (all) => namesOf(all).length > 0)));
    await clock.advance(20_000);
    await kinesis.putRecords(stream, [named('b')]);
    reads.push(...(await readUntil(reader, clock, (all) => namesOf(all).length > 0)));
    expect(namesOf(reads)).toEqual(['a', 'b']);
    const [again] = await kinesis.listConsumers(stream);
    expect(again?.consumerArn).not.toBe(consumer?.consumerArn);
  });

  it('does not trust an end without children of a shard that is open', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create(stream, 1);
    let calls = 0;
    const { api } = server(clock, async () => {
      calls += 1;
      return eventsOf(event({ continuation: calls === 1 ? undefined : '100' }));
    });
    api.listShards = () => kinesis.listShards(stream);
    await using reader = openReader({ mode: 'fan-out', api, clock });
    const [read] = await readUntil(reader, clock, (all) => all.length > 0);
    expect(read?.type).toBe('batch');
    expect(calls).toBe(2);
  });

  // Goal: neither a batch for every tiny event nor an unlimited buffer. Method: a server that
  // always has another event.
  it.each([
    { recordsEach: 1, eventsTaken: 10, because: 'small ones are put together, up to a batch' },
    { recordsEach: 10, eventsTaken: 1, because: 'one that is a batch is given on' },
    { recordsEach: 50, eventsTaken: 1, because: 'a larger one is not put together with others' },
    { recordsEach: 0, eventsTaken: 10, because: 'empty ones cost nothing, but have an end, too' },
  ])('takes $eventsTaken events of $recordsEach at a time: $because', async (each) => {
    const { recordsEach, eventsTaken } = each;
    const clock = new SimulatedClock();
    let sent = 0;
    const { api } = server(clock, async () =>
      (async function* () {
        for (;;) {
          sent += 1;
          const from = sent * 100;
          const records = Array.from({ length: recordsEach }, (_, index) => ({
            sequenceNumber: `${from + index}`,
            partitionKey: 'k',
            data: Buffer.from('x'),
            arrivalTimeMs: clock.nowMs() - 7_000,
          }));
          yield event({ records, continuation: `${from + 99}` });
        }
      })(),
    );
    await using reader = openReader({ mode: 'fan-out', api, clock, batchRecordsMax: 10 });
    for (let reads = 1; reads <= 5; reads++) {
      const [read] = await readUntil(reader, clock, (all) => all.length > 0);
      expect(read?.batch.records.length).toBe(recordsEach * eventsTaken);
      // More waits in the connection, so this is not the tip, whatever the service said.
      expect(read?.batch.behindLatestMs).toBe(recordsEach > 0 ? 7_000 : 1);
      expect(sent).toBe(reads * eventsTaken);
    }
  });

  it('loses no event to an aborted read', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create(stream, 1);
    await using reader = openReader({ mode: 'fan-out', api: kinesis, clock });
    await readUntil(reader, clock, (all) => all.length > 0);
    const giveUp = new AbortController();
    const given = reader.read(giveUp.signal).catch((error: unknown) => error);
    await kinesis.putRecords(stream, [named('a')]);
    giveUp.abort(new Error('stopping'));
    expect(await given).toEqual(new Error('stopping'));
    const reads = await readUntil(reader, clock, (all) => namesOf(all).length > 0);
    expect(namesOf(reads)).toEqual(['a']);
  });

  it.each(['AccessDeniedException', 'KMSAccessDeniedException'])(
    'does not retry after %s',
    async (exception) => {
      const clock = new SimulatedClock();
      const { api } = server(clock, async () => {
        throw new KinesisError('SubscribeToShard', exception, 'no');
      });
      await using reader = openReader({ mode: 'fan-out', api, clock });
      await expect(readOnce(reader, clock)).rejects.toThrow(exception);
    },
  );
});
