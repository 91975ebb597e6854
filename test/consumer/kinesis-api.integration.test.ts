import { KinesisClient, MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createSdkKinesisApi } from '@highwater/kinesis';
import { systemClock } from '@highwater/service';
import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { describe } from 'vitest';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { itIsKinesis, type OpenedKinesis } from './kinesis-api-contract.ts';
import { startKinesalite } from './kinesalite.ts';

// Goal: the stream in memory that simulations run on, our own server and a foreign one are the same
// Kinesis to the producer and the consumer. Method: one suite for all of them.

/** A clock on which waiting takes no time. */
function impatient(clock: SimulatedClock): SimulatedClock {
  clock.sleep = (durationMs) => clock.advance(durationMs);
  return clock;
}

async function overSocket(server: AsyncDisposable & { url: string }): Promise<OpenedKinesis> {
  const connection = { region: 'us-east-1', endpoint: server.url };
  const api = createSdkKinesisApi(connection);
  const admin = new KinesisClient({
    ...connection,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    api,
    clock: systemClock,
    split: async (StreamName, ShardToSplit, NewStartingHashKey) => {
      await admin.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }));
    },
    merge: async (StreamName, ShardToMerge, AdjacentShardToMerge) => {
      await admin.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
    },
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]();
      admin.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('Kinesis in memory', () => {
  itIsKinesis(async () => {
    const clock = impatient(new SimulatedClock());
    const api = new MemoryKinesis(clock);
    return {
      api,
      clock,
      split: (...split) => api.account.splitShard(...split),
      merge: (...merge) => api.account.mergeShards(...merge),
      async [Symbol.asyncDispose]() {},
    };
  });
});

describe('kinesis-local through the SDK', () => {
  itIsKinesis(async () => overSocket(await startKinesisLocal({ port: 0, transitionMs: 10 })));
});

describe('kinesalite through the SDK', () => {
  itIsKinesis(async () => overSocket(await startKinesalite()), {
    hasNoLag: true,
    hasNoChildShards: true,
  });
});
