import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  RegisterStreamConsumerCommand,
  UpdateShardCountCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../src/index.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';

async function statusOf(kinesis: KinesisClient): Promise<string | undefined> {
  const { StreamDescriptionSummary: summary } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName }),
  );
  return summary?.StreamStatus;
}

const gone = { name: 'ResourceNotFoundException' };

describe('a change of a stream', () => {
  // A waiter that is not successful at its first check loses 10 s.
  it('is done before it is answered', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const kinesis = clientOf(server.url);
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    expect(await statusOf(kinesis)).toBe('ACTIVE');
    await kinesis.send(
      new UpdateShardCountCommand({
        StreamName,
        TargetShardCount: 2,
        ScalingType: 'UNIFORM_SCALING',
      }),
    );
    expect(await statusOf(kinesis)).toBe('ACTIVE');
    const { arn } = server.account.stream(StreamName);
    const { Consumer } = await kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'reader' }),
    );
    const { ConsumerARN } = Consumer ?? {};
    const described = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    expect(described.ConsumerDescription?.ConsumerStatus).toBe('ACTIVE');
    await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    await expect(
      kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN })),
    ).rejects.toMatchObject(gone);
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    await expect(statusOf(kinesis)).rejects.toMatchObject(gone);
    kinesis.destroy();
  });

  it('takes as long as the setting says', async () => {
    const clock = new SimulatedClock();
    await using server = await startKinesisLocal({ port: 0, transitionMs: 500, clock });
    const kinesis = clientOf(server.url);
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    await clock.advance(499);
    expect(await statusOf(kinesis)).toBe('CREATING');
    await clock.advance(1);
    expect(await statusOf(kinesis)).toBe('ACTIVE');
    await kinesis.send(new DeleteStreamCommand({ StreamName }));
    expect(await statusOf(kinesis)).toBe('DELETING');
    await clock.advance(500);
    await expect(statusOf(kinesis)).rejects.toMatchObject(gone);
    kinesis.destroy();
  });
});
