import { compareSequence, type ShardPosition } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { MemoryKinesis, SeededRandom, SimulatedClock } from '@highwater/testkit';
import type { SubscriptionEvent } from '@highwater/kinesis-engine';

const stream = 'points';
const first = 'shardId-000000000000';

async function consumed(transitionMs = 0) {
  const clock = new SimulatedClock();
  const kinesis = new MemoryKinesis(clock, { transitionMs });
  const { account } = kinesis;
  await kinesis.create(stream, 1);
  await clock.advance(transitionMs);
  const { consumerArn } = await account.registerConsumer(account.stream(stream), {
    consumerName: 'reader',
    tags: new Map(),
  });
  await clock.advance(transitionMs);
  const put = (...texts: readonly string[]) =>
    kinesis.putRecords(
      stream,
      texts.map((text) => ({ partitionKey: text, data: Buffer.from(text) })),
    );
  const subscribe = async (position: ShardPosition, signal = new AbortController().signal) => {
    const events: SubscriptionEvent[] = [];
    const source = await account.subscribe({ consumerArn, shardId: first, position }, signal);
    let isOver = false;
    const running = (async () => {
      for await (const event of source) events.push(event);
      isOver = true;
    })();
    return { events, running, isOver: () => isOver };
  };
  return { clock, account, put, subscribe, consumerArn };
}

const textsOf = (events: readonly SubscriptionEvent[]) =>
  events.flatMap(({ records }) => records.map(({ data }) => data.toString()));

describe('a subscription', () => {
  it('pushes existing records immediately, and new ones as they arrive', async () => {
    const { clock, put, subscribe } = await consumed();
    await put('0', '1');
    const { events } = await subscribe({ type: 'TRIM_HORIZON' });
    await clock.settle();
    expect(textsOf(events)).toEqual(['0', '1']);
    await put('2');
    await clock.settle();
    expect(textsOf(events)).toEqual(['0', '1', '2']);
  });

  it('sends an event every five seconds while nothing is put, with a rising continuation', async () => {
    const { clock, subscribe } = await consumed();
    const { events } = await subscribe({ type: 'LATEST' });
    await clock.advance(60_000);
    expect(events).toHaveLength(13);
    const continuations = events.map(({ continuation = '' }) => continuation);
    expect(continuations).toEqual(continuations.toSorted(compareSequence));
    expect(new Set(continuations).size).toBe(13);
  });

  it('ends after five minutes', async () => {
    const { clock, subscribe } = await consumed();
    const { isOver } = await subscribe({ type: 'LATEST' });
    await clock.advance(299_999);
    expect(isOver()).toBe(false);
    await clock.advance(1);
    expect(isOver()).toBe(true);
  });

  it('rejects a second one within five seconds, and is replaced by a later one', async () => {
    const { clock, put, subscribe } = await consumed();
    const old = await subscribe({ type: 'LATEST' });
    await clock.advance(4999);
    await expect(subscribe({ type: 'LATEST' })).rejects.toMatchObject({
      exception: 'ResourceInUseException',
    });
    await clock.advance(1);
    const young = await subscribe({ type: 'LATEST' });
    await clock.settle();
    expect(old.isOver()).toBe(true);
    await put('0');
    await clock.settle();
    expect(textsOf(young.events)).toEqual(['0']);
  });

  it('resumes from its continuation with AT and with AFTER alike', async () => {
    const { clock, put, subscribe } = await consumed();
    await put('0', '1');
    const { events } = await subscribe({ type: 'TRIM_HORIZON' });
    await clock.advance(20_000);
    await put('2');
    const sequenceNumber = events.find(({ records }) => records.length === 0)?.continuation ?? '';
    for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
      await clock.advance(5000);
      const next = await subscribe({ type, sequenceNumber });
      await clock.settle();
      expect(textsOf(next.events)).toEqual(['2']);
    }
  });

  it('ends a closed shard with its children, as soon as it is closed', async () => {
    const { clock, account, put, subscribe } = await consumed(1000);
    await put('0');
    const { events, isOver } = await subscribe({ type: 'TRIM_HORIZON' });
    await clock.advance(1000);
    await account.splitShard(stream, first, '1000');
    await clock.advance(1000);
    expect(isOver()).toBe(true);
    const last = events.at(-1);
    expect(last?.continuation).toBeUndefined();
    expect(last?.children.map(({ shardId }) => shardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
  });

  it('is rejected while its consumer is being created, and after the consumer is gone', async () => {
    const { clock, account, subscribe, consumerArn } = await consumed(1000);
    const live = account.stream(stream);
    const late = await account.registerConsumer(live, { consumerName: 'late', tags: new Map() });
    const request = { shardId: first, position: { type: 'LATEST' } } as const;
    const { signal } = new AbortController();
    await expect(
      account.subscribe({ ...request, consumerArn: late.consumerArn }, signal),
    ).rejects.toMatchObject({ exception: 'ResourceInUseException' });
    await account.deregisterConsumer(live, account.consumerByArn(consumerArn).consumer);
    await clock.advance(1000);
    await expect(subscribe({ type: 'LATEST' })).rejects.toMatchObject({
      exception: 'ResourceNotFoundException',
    });
  });

  it('leaves nothing behind when its client disconnects', async () => {
    const { clock, account, subscribe } = await consumed();
    const leave = new AbortController();
    const { running, isOver } = await subscribe({ type: 'LATEST' }, leave.signal);
    await clock.settle();
    leave.abort();
    await running;
    expect(isOver()).toBe(true);
    expect(account.subscriptions.runningCount).toBe(0);
    expect(clock.sleepersCount).toBe(0);
  });

  // Goal: no record is lost or repeated over renewals at the service's own five minutes, and over
  // subscriptions that end at any time. Method: hours of simulated time with a steady producer.
  it('loses and repeats nothing over 50 renewals and 200 broken subscriptions', async () => {
    const random = new SeededRandom('fan-out');
    const { clock, put, subscribe } = await consumed();
    const putTexts: string[] = [];
    const producing = new AbortController();
    const producer = (async () => {
      while (!producing.signal.aborted) {
        const texts = Array.from({ length: random.int(0, 3) }, (_, i) => `${putTexts.length + i}`);
        putTexts.push(...texts);
        await put(...texts);
        await clock.sleep(random.int(1, 5000));
      }
    })();
    const seen: string[] = [];
    let position: ShardPosition = { type: 'TRIM_HORIZON' };
    for (let i = 0; i < 250; i += 1) {
      const leave = new AbortController();
      const { events, isOver } = await subscribe(position, leave.signal);
      // Every fifth subscription lives until the server ends it.
      await clock.advance(i % 5 === 0 ? 300_000 : random.int(5000, 60_000));
      expect(isOver()).toBe(i % 5 === 0);
      leave.abort();
      await clock.settle();
      seen.push(...textsOf(events));
      const sequenceNumber = events.at(-1)?.continuation ?? '';
      position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
    }
    producing.abort();
    await clock.advance(10_000);
    await producer;
    const { events } = await subscribe(position);
    await clock.settle();
    expect([...seen, ...textsOf(events)]).toEqual(putTexts);
    expect(seen.length).toBeGreaterThan(5000);
  });
});
