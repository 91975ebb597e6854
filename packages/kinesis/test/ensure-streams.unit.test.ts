import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { ensureStreams, KinesisError, type KinesisApi } from '../src/index.ts';

const wanted = [
  { name: 'points', shardsCount: 2 },
  { name: 'results', shardsCount: 1 },
];

/** Calls complete while the clock advances. */
async function ensure(api: KinesisApi, clock: SimulatedClock) {
  const signal = new AbortController().signal;
  const ensuring = ensureStreams(api, wanted, { clock, signal });
  const settled = ensuring.then(
    () => true,
    () => true,
  );
  let isSettled = false;
  void settled.then(() => (isSettled = true));
  await clock.runUntil(() => isSettled, 600_000);
  return ensuring;
}

describe('ensureStreams', () => {
  it('creates missing streams, leaves existing ones, and returns the created ones', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    await kinesis.create('points', 4);
    expect(await ensure(kinesis, clock)).toEqual(['results']);
    expect((await kinesis.describe('points')).openShardsCount).toBe(4);
    expect(await kinesis.describe('results')).toMatchObject({
      status: 'ACTIVE',
      openShardsCount: 1,
    });
    expect(await ensure(kinesis, clock)).toEqual([]);
  });

  it('accepts that another process created a stream first', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    const both = await Promise.all([ensure(kinesis, clock), ensure(kinesis, clock)]);
    expect(both.flat().toSorted()).toEqual(['points', 'results']);
  });

  it('gives up on a stream that does not become active', async () => {
    const clock = new SimulatedClock();
    const kinesis = new MemoryKinesis(clock);
    const describeStream = kinesis.describe.bind(kinesis);
    kinesis.describe = async (name) => ({ ...(await describeStream(name)), status: 'CREATING' });
    await expect(ensure(kinesis, clock)).rejects.toThrow(KinesisError);
    expect(clock.sleepersCount).toBe(0);
  });
});
