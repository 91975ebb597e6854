import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { deregisterConsumer, listConsumers } from '../../src/fan-out/fan-out-command.ts';

const stream = 'points';

async function opened() {
  const kinesis = new MemoryKinesis(new SimulatedClock());
  await kinesis.create(stream, 1);
  return kinesis;
}

describe('highwater fan-out', () => {
  it('shows the consumers of a stream, and removes one', async () => {
    const kinesis = await opened();
    expect(await listConsumers(kinesis, stream)).toEqual([
      'No consumer is registered with points.',
    ]);
    await kinesis.registerConsumer(stream, 'a-reader');
    await kinesis.registerConsumer(stream, 'b');
    expect(await listConsumers(kinesis, stream)).toEqual([
      'CONSUMER  STATUS',
      'a-reader  ACTIVE',
      'b         ACTIVE',
    ]);
    expect(await deregisterConsumer(kinesis, stream, 'b')).toEqual(['Deregistered b from points.']);
    expect(await listConsumers(kinesis, stream)).toHaveLength(2);
  });

  it('lists the existing consumers when the name is wrong', async () => {
    const kinesis = await opened();
    await kinesis.registerConsumer(stream, 'a-reader');
    await expect(deregisterConsumer(kinesis, stream, 'c')).rejects.toThrow(
      'points has no such consumer; its consumers are a-reader',
    );
  });
});
