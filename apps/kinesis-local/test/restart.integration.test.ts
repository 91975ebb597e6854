import { compareSequence } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { KinesisAccount, type AccountRead } from '@highwater/kinesis-engine';
import fc from 'fast-check';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AccountFiles } from '../src/files/account-files.ts';

const streamName = 'points';
const ignore = () => {};
const log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * An account in files that can crash: everything that is not durable is lost, and a part may
 * remain.
 */
class Crashing {
  readonly clock = new SimulatedClock();
  readonly #directory: string;
  #files: AccountFiles | undefined;
  account: KinesisAccount;

  private constructor(directory: string) {
    this.#directory = directory;
    this.account = new KinesisAccount(this.clock);
  }

  static async open(directory: string): Promise<Crashing> {
    const crashing = new Crashing(directory);
    await crashing.start();
    await crashing.account.createStream({ streamName, shardsCount: 2 });
    await crashing.clock.advance(1000);
    return crashing;
  }

  async start(): Promise<void> {
    const segmentBytesMax = 2000;
    this.#files = await AccountFiles.open({ directory: this.#directory, segmentBytesMax, log });
    const options = { transitionMs: 500, storage: this.#files, memoryBytesMax: 2 ** 20 };
    this.account = new KinesisAccount(this.clock, options);
    await this.account.save();
    await this.#files.keepOnly(this.account.streams());
  }

  async stop(): Promise<void> {
    await this.#files?.[Symbol.asyncDispose]();
  }

  /** Ends like a kill, with a part of a record at the end of every file that was written to. */
  async crash(garbage: Uint8Array): Promise<void> {
    await this.stop();
    const paths = await readdir(this.#directory, { recursive: true });
    const lastOfShard = new Map(
      paths
        .filter((path) => path.endsWith('.log'))
        .toSorted()
        .map((path) => [path.slice(0, path.lastIndexOf('/')), path]),
    );
    for (const path of lastOfShard.values()) await appendFile(join(this.#directory, path), garbage);
    await this.start();
  }

  /** All readable records, by shard. */
  async contents(): Promise<Record<string, readonly string[]>> {
    const found: Record<string, readonly string[]> = {};
    for (const { shardId, minter } of this.account.stream(streamName).shards) {
      const texts: string[] = [];
      const position = { type: 'TRIM_HORIZON' } as const;
      let iterator: string | null = await this.account.getIterator({
        stream: streamName,
        shardId,
        position,
      });
      while (iterator !== null) {
        const read: AccountRead = await this.account.getRecords({ iterator, limit: 10 });
        for (const { data, index, arrivalMs } of read.records) {
          texts.push(`${data.toString()} ${minter.of(index, arrivalMs)}`);
        }
        iterator = read.behindLatestMs === 0 ? null : read.nextIterator;
      }
      found[shardId] = texts;
    }
    return found;
  }
}

const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      sizes: fc.array(fc.nat(600), { minLength: 1, maxLength: 10 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('scale' as const),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      durationMs: fc.constantFrom(1, 500, 2000, 13 * 3_600_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      garbage: fc.uint8Array({ maxLength: 60 }),
    }),
  },
);

describe('an account in files', () => {
  // Goal: a crash at any point changes nothing that was acknowledged. Method: random puts,
  // reshards, and waits, with crashes between them. Each restart must restore the previous state.
  it('is the same after a crash, whatever was done before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 15, maxLength: 40 }), async (steps) => {
        const directory = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
        const crashing = await Crashing.open(directory);
        let count = 0;
        const lastNumbers = new Map<string, string>();
        for (const step of steps) {
          const { account, clock } = crashing;
          if (step.do === 'put') {
            const records = step.sizes.map((size) => {
              count += 1;
              const partitionKey = `${count}`;
              return { partitionKey, data: Buffer.from(`${count}`.padEnd(size, '.')) };
            });
            const results = await account.putRecords(streamName, records);
            for (const result of results) {
              if (!result.ok) throw new Error(result.errorMessage);
              const { shardId, sequenceNumber } = result;
              const last = lastNumbers.get(shardId);
              expect(last === undefined || compareSequence(sequenceNumber, last) > 0).toBe(true);
              lastNumbers.set(shardId, sequenceNumber);
            }
          } else if (step.do === 'scale') {
            // Rejected while another change is in progress, and when the step is too large.
            await account.updateShardCount(streamName, step.count).catch(ignore);
          } else if (step.do === 'wait') {
            await clock.advance(step.durationMs);
          } else {
            account.streams();
            const before = {
              contents: await crashing.contents(),
              state: account.stream(streamName).state,
            };
            await crashing.crash(step.garbage);
            expect(await crashing.contents()).toEqual(before.contents);
            expect(crashing.account.stream(streamName).state).toEqual(before.state);
          }
        }
        await crashing.stop();
        await rm(directory, { recursive: true });
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
