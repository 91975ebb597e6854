import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordCommand,
  type GetRecordsOutput,
  type GetShardIteratorInput,
  type Shard,
  type StreamDescriptionSummary,
  type _Record as KinesisRecord,
} from '@aws-sdk/client-kinesis';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Subject } from './law.ts';

export const hashKeyMax = 2n ** 128n - 1n;

let lastStream = 0;

/** A stream of its own for each law. */
export class StreamFixture {
  readonly subject: Subject;
  readonly name: string;
  arn = '';

  private constructor(subject: Subject, name: string) {
    this.subject = subject;
    this.name = name;
  }

  static async create(subject: Subject, shardsCount = 1): Promise<StreamFixture> {
    lastStream += 1;
    const stream = new StreamFixture(subject, `stream-${lastStream}`);
    await subject.client.send(
      new CreateStreamCommand({ StreamName: stream.name, ShardCount: shardsCount }),
    );
    stream.arn = (await stream.active()).StreamARN ?? '';
    return stream;
  }

  async summary(): Promise<StreamDescriptionSummary> {
    const { StreamDescriptionSummary: summary } = await this.subject.client.send(
      new DescribeStreamSummaryCommand({ StreamName: this.name }),
    );
    if (summary === undefined) throw new Error(`${this.name} has no summary`);
    return summary;
  }

  /** Waits until no change is under way. */
  async active(): Promise<StreamDescriptionSummary> {
    return until(
      () => this.summary(),
      ({ StreamStatus }) => StreamStatus === 'ACTIVE',
    );
  }

  async shards(): Promise<readonly Shard[]> {
    const { Shards = [] } = await this.subject.client.send(
      new ListShardsCommand({ StreamName: this.name }),
    );
    return Shards;
  }

  /** The first shard, for streams of one. */
  async shardId(): Promise<string> {
    return (await this.shards())[0]?.ShardId ?? '';
  }

  /** Puts texts one at a time, so that their order is known. */
  async put(...texts: readonly string[]): Promise<readonly string[]> {
    const numbers = [];
    for (const text of texts) {
      const { SequenceNumber = '' } = await this.subject.client.send(
        new PutRecordCommand({
          StreamName: this.name,
          PartitionKey: 'key',
          Data: Buffer.from(text),
        }),
      );
      numbers.push(SequenceNumber);
    }
    return numbers;
  }

  async iterator(
    position: Pick<
      GetShardIteratorInput,
      'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
    >,
    shardId?: string,
  ): Promise<string> {
    const { ShardIterator = '' } = await this.subject.client.send(
      new GetShardIteratorCommand({
        StreamName: this.name,
        ShardId: shardId ?? (await this.shardId()),
        ...position,
      }),
    );
    return ShardIterator;
  }

  get(iterator: string, limit?: number): Promise<GetRecordsOutput> {
    return this.subject.client.send(
      new GetRecordsCommand({ ShardIterator: iterator, ...(limit && { Limit: limit }) }),
    );
  }

  /** Reads a shard until there are no more records. */
  async readAll(shardId?: string): Promise<readonly KinesisRecord[]> {
    const records: KinesisRecord[] = [];
    let iterator: string | undefined = await this.iterator(
      { ShardIteratorType: 'TRIM_HORIZON' },
      shardId,
    );
    while (iterator !== undefined) {
      const reply: GetRecordsOutput = await this.get(iterator);
      if (reply.Records?.length === 0) break;
      records.push(...(reply.Records ?? []));
      iterator = reply.NextShardIterator;
    }
    return records;
  }

  /** Reads a closed shard to its end, and gives the last reply. */
  async readToEnd(shardId: string): Promise<GetRecordsOutput> {
    let iterator = await this.iterator({ ShardIteratorType: 'TRIM_HORIZON' }, shardId);
    for (let i = 0; i < 10; i += 1) {
      const reply = await this.get(iterator);
      if (reply.NextShardIterator === undefined) return reply;
      iterator = reply.NextShardIterator;
    }
    throw new Error(`${shardId} does not end`);
  }
}

export function textOf({ Data = [] }: { readonly Data?: Iterable<number> | undefined }): string {
  return Buffer.from([...Data]).toString();
}

/** The server's time of an event between two readings of this machine's clock, which both share. */
export function expectBetween(atMs: number, beforeMs: number, afterMs: number): void {
  expect(atMs).toBeGreaterThan(beforeMs - clockSlackMs);
  expect(atMs).toBeLessThan(afterMs + clockSlackMs);
}

/** Some servers report times in whole seconds. */
const clockSlackMs = 1_000;
const untilMsMax = 60_000;

/** Asks until the answer is as wanted. */
export async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean) {
  const deadline = Date.now() + untilMsMax;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`still ${JSON.stringify(answer)} after ${untilMsMax / 1000} s`);
    await sleep(10);
  }
}
