import {
  HighwaterError,
  type Batch,
  type CloseReason,
  type DeadLetter,
  type DeadLetters,
  type OutgoingRecord,
  type ProcessorSnapshot,
  type ProcessorStart,
  type ShardProcessor,
} from '@highwater/model';
import type { KinesisApi } from '../src/index.ts';

export const stream = 'points';

/** A record whose data is its name. */
export function named(name: string, partitionKey = name): OutgoingRecord {
  return { partitionKey, data: Buffer.from(name) };
}

export function nameOf({ data }: { readonly data: Uint8Array }): string {
  return Buffer.from(data).toString();
}

/** An API with the calls that a test expects. Any other call fails the test. */
export function scripted(calls: Partial<KinesisApi>): KinesisApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`${name} was not expected`);
  };
  return {
    describe: unexpected('describe'),
    create: unexpected('create'),
    listShards: unexpected('listShards'),
    getIterator: unexpected('getIterator'),
    getRecords: unexpected('getRecords'),
    putRecords: unexpected('putRecords'),
    listConsumers: unexpected('listConsumers'),
    registerConsumer: unexpected('registerConsumer'),
    deregisterConsumer: unexpected('deregisterConsumer'),
    subscribe: unexpected('subscribe'),
    ...calls,
  };
}

/** A store or a stream that does not answer. */
export class Away extends HighwaterError {
  override readonly name = 'Away';
  readonly code = 'HW_TEST_AWAY';
  readonly domain = 'external';
  readonly retry = 'never';
}

/** The records that were set aside, unchanged. */
export class Letters implements DeadLetters {
  readonly letters: DeadLetter[] = [];

  get names(): readonly string[] {
    return this.letters.map(({ payload }) => nameOf({ data: payload }));
  }

  async put(letters: readonly DeadLetter[]): Promise<void> {
    this.letters.push(...letters);
  }
}

/** Everything that the processors of a test saw, in order, over all shards and lives. */
export class Journal {
  readonly lines: string[] = [];
  readonly names: string[] = [];
  /** Whether every write of it is durable, as `process` promises. */
  readonly starts: ProcessorStart[] = [];

  processor(shardId: string, options: { readonly onBatch?: (batch: Batch) => Promise<void> } = {}) {
    let processed: string[] = [];
    const { lines, names, starts } = this;
    const processor: ShardProcessor = {
      async open(start) {
        starts.push(start);
        lines.push(`open ${shardId}`);
        if (start.ownSnapshot) processed = nameOf({ data: start.ownSnapshot }).split(' ');
      },
      async process(batch) {
        await options.onBatch?.(batch);
        for (const record of batch.records) {
          processed.push(nameOf(record));
          names.push(nameOf(record));
          lines.push(`process ${nameOf(record)}`);
        }
      },
      async tick() {},
      snapshot: (): ProcessorSnapshot => ({ state: Buffer.from(processed.join(' ')) }),
      async committed() {
        lines.push(`committed ${shardId}`);
      },
      async close(reason: CloseReason) {
        lines.push(`close ${shardId} ${reason}`);
      },
    };
    return processor;
  }
}
