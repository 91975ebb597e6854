import {
  MemoryKinesis,
  MemoryLeaseStore,
  MemoryStateStore,
  SeededRandom,
  SimulatedClock,
  silentLogger,
} from '@highwater/testkit';
import { Registry } from 'prom-client';
import { defineConsumerMetrics, runConsumer } from '../src/index.ts';
import type { ConsumerOptions } from '../src/consuming/consumer-options.ts';
import { Journal, Letters, named, stream } from './fixtures.ts';

export const timing = {
  batchRecordsMax: 2,
  readIntervalMs: 200,
  pollIntervalMs: 500,
  idleAfterMs: 3_000,
  checkpointIntervalMs: 1_000,
  shardSyncIntervalMs: 5_000,
};

/** Workers on one stream in memory, on simulated time. */
export class Bench {
  readonly clock = new SimulatedClock();
  readonly kinesis = new MemoryKinesis(this.clock);
  readonly leases = new MemoryLeaseStore();
  readonly states = new MemoryStateStore();
  readonly journal = new Journal();
  readonly letters = new Letters();

  start(changes: Partial<ConsumerOptions> = {}) {
    const stop = new AbortController();
    const random = new SeededRandom('consumer');
    const running = runConsumer(
      {
        api: this.kinesis,
        stream,
        leases: this.leases,
        states: this.states,
        owner: 'a',
        start: { type: 'TRIM_HORIZON' },
        timing,
        createProcessor: (shardId) => this.journal.processor(shardId),
        deadLetters: this.letters,
        stage: 'tester',
        clock: this.clock,
        log: silentLogger,
        metrics: defineConsumerMetrics(new Registry()),
        random: () => random.uniform(),
        ...changes,
      },
      stop.signal,
    );
    running.catch(() => undefined);
    return {
      running,
      abort: () => stop.abort(new Error('stopping')),
      stop: async () => {
        stop.abort(new Error('stopping'));
        await this.clock.advance(1_000);
        await running;
      },
    };
  }

  put(...names: string[]) {
    return this.kinesis.putRecords(
      stream,
      names.map((name) => named(name)),
    );
  }
}
