import { SeededRandom } from '@highwater/testkit';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.ts';

export const shardsCount = 4;
export const recordBytes = 400;
const recordsPerCall = 500;
const callersCount = 4;
const stream = 'bench';

/** The load on a server, and the rates that it reaches. */
export class Workload implements Disposable {
  readonly #client: ApiClient;
  readonly #bodies: readonly Buffer[];
  #storedCount = 0;

  constructor(port: number) {
    this.#client = new ApiClient(port);
    const random = new SeededRandom('bench');
    this.#bodies = Array.from({ length: 16 }, () => putBody(random));
  }

  get storedCount(): number {
    return this.#storedCount;
  }

  async createStream(): Promise<void> {
    const StreamName = stream;
    await this.#client.call('CreateStream', { StreamName, ShardCount: shardsCount });
    for (;;) {
      const { StreamDescriptionSummary: summary } = await this.#client.call<{
        StreamDescriptionSummary: { StreamStatus: string };
      }>('DescribeStreamSummary', { StreamName });
      if (summary.StreamStatus === 'ACTIVE') return;
      await sleep(10);
    }
  }

  /** Replaces the stream with an empty one. */
  async renewStream(): Promise<void> {
    const StreamName = stream;
    await this.#client.call('DeleteStream', { StreamName });
    for (;;) {
      const { StreamNames } = await this.#client.call<{ StreamNames: string[] }>('ListStreams', {});
      if (StreamNames.length === 0) break;
      await sleep(10);
    }
    this.#storedCount = 0;
    await this.createStream();
  }

  /** Puts for a while; records a second. */
  async putFor(durationMs: number): Promise<number> {
    const startMs = performance.now();
    const before = this.#storedCount;
    await this.#callAtOnce(() => performance.now() - startMs < durationMs);
    return ((this.#storedCount - before) / (performance.now() - startMs)) * 1000;
  }

  async putUntil(storedCount: number): Promise<void> {
    await this.#callAtOnce(() => this.#storedCount < storedCount);
  }

  /** Reads all shards from their start, for a while. Returns records a second. */
  async getFor(durationMs: number): Promise<number> {
    const startMs = performance.now();
    const deadline = startMs + durationMs;
    const counts = await Promise.all(
      Array.from({ length: shardsCount }, (_, shard) => this.#readShard(shard, deadline)),
    );
    const sum = counts.reduce((total, count) => total + count, 0);
    return (sum / (performance.now() - startMs)) * 1000;
  }

  /** From the call of a put to the end of the read that has the record, ms; one a time. */
  async putToGet(times: number): Promise<readonly number[]> {
    let iterator = await this.#iterator(0, 'LATEST');
    const body = Buffer.from(
      JSON.stringify({
        StreamName: stream,
        PartitionKey: 'tip',
        ExplicitHashKey: '0',
        Data: Buffer.alloc(recordBytes).toString('base64'),
      }),
    );
    const latencies: number[] = [];
    while (latencies.length < times) {
      const startMs = performance.now();
      await this.#client.post('PutRecord', body);
      for (;;) {
        const reply = await this.#client.call<{ Records: unknown[]; NextShardIterator: string }>(
          'GetRecords',
          { ShardIterator: iterator },
        );
        iterator = reply.NextShardIterator;
        if (reply.Records.length > 0) break;
      }
      latencies.push(performance.now() - startMs);
      this.#storedCount += 1;
    }
    return latencies;
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }

  async #callAtOnce(goesOn: () => boolean): Promise<void> {
    let next = 0;
    const call = async () => {
      while (goesOn()) {
        const body = this.#bodies[(next += 1) % this.#bodies.length] as Buffer;
        const reply = await this.#client.post('PutRecords', body);
        if (!reply.body.includes('"FailedRecordCount":0'))
          throw new Error(reply.body.toString().slice(0, 1000));
        this.#storedCount += recordsPerCall;
      }
    };
    await Promise.all(Array.from({ length: callersCount }, call));
  }

  async #iterator(shard: number, ShardIteratorType: string): Promise<string> {
    const { ShardIterator } = await this.#client.call<{ ShardIterator: string }>(
      'GetShardIterator',
      { StreamName: stream, ShardId: `shardId-00000000000${shard}`, ShardIteratorType },
    );
    return ShardIterator;
  }

  async #readShard(shard: number, deadline: number): Promise<number> {
    let iterator = await this.#iterator(shard, 'TRIM_HORIZON');
    let count = 0;
    while (performance.now() < deadline) {
      const Limit = 2000;
      const body = Buffer.from(JSON.stringify({ ShardIterator: iterator, Limit }));
      const reply = (await this.#client.post('GetRecords', body)).body;
      const got = countRecords(reply);
      count += got;
      const next = /"NextShardIterator":"([^"]+)"/.exec(reply.toString('latin1'))?.[1];
      // At the tip, starts again, because this measures reading, not waiting.
      iterator = got === 0 || !next ? await this.#iterator(shard, 'TRIM_HORIZON') : next;
    }
    return count;
  }
}

/** Counting a member of each record costs far less than parsing the reply. */
function countRecords(reply: Buffer): number {
  let count = 0;
  const member = '"PartitionKey"';
  for (let at = reply.indexOf(member); at !== -1; at = reply.indexOf(member, at + 1)) count += 1;
  return count;
}

function putBody(random: SeededRandom): Buffer {
  const Records = Array.from({ length: recordsPerCall }, () => ({
    PartitionKey: `key-${random.int(0, 99_999)}`,
    Data: Buffer.from(Array.from({ length: recordBytes }, () => random.int(32, 126))).toString(
      'base64',
    ),
  }));
  return Buffer.from(JSON.stringify({ StreamName: stream, Records }));
}
