import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { compareSequence } from '@highwater/model';
import { MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { ServiceException, type MemoryShard } from '../src/index.ts';

export const stream = 'points';
const transitionMs = 500;

/** The model's memory of a record: enough to find it again. */
interface Put {
  readonly text: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivalMs: number;
}

/** A reader of one shard that continues with the iterators it receives. */
interface Reader {
  readonly shardId: string;
  iterator: string | null;
  issuedMs: number;
  readonly texts: string[];
  readonly from: readonly string[];
}

/** The real stream, with everything that is expected of it. */
export class World {
  readonly clock = new SimulatedClock();
  readonly kinesis = new MemoryKinesis(this.clock, { transitionMs });
  readonly puts: Put[] = [];
  readonly readers: Reader[] = [];

  get account() {
    return this.kinesis.account;
  }

  get live() {
    return this.account.stream(stream);
  }

  async start(shardsCount: number): Promise<void> {
    await this.kinesis.create(stream, shardsCount);
    await this.clock.advance(transitionMs);
  }

  async put(keys: readonly string[]): Promise<void> {
    const records = keys.map((key, i) => ({
      partitionKey: key,
      data: Buffer.from(`${this.puts.length + i}`),
    }));
    const arrivalMs = this.clock.nowMs();
    const results = await this.kinesis.putRecords(stream, records);
    for (const [i, result] of results.entries()) {
      if (!result.ok) throw new Error(result.errorMessage);
      const { shardId, sequenceNumber } = result;
      const text = `${this.puts.length}`;
      this.puts.push({ text, shardId, sequenceNumber, arrivalMs });
      // A closed shard accepts nothing more.
      const shard = this.live.find(shardId);
      assert(shard !== undefined && shard.closedMs === undefined);
      const hash = BigInt(
        `0x${createHash('md5')
          .update(keys[i] ?? '')
          .digest('hex')}`,
      );
      assert(shard.range.start <= hash && hash <= shard.range.end);
    }
  }

  async openReader(place: number): Promise<void> {
    const shard = this.live.shards[place % this.live.shards.length] as MemoryShard;
    const { shardId } = shard;
    const iterator = await this.kinesis.getIterator({
      stream,
      shardId,
      position: { type: 'TRIM_HORIZON' },
    });
    const from = this.kept(shardId);
    this.readers.push({ shardId, iterator, issuedMs: this.clock.nowMs(), texts: [], from });
  }

  async read(place: number, limit: number): Promise<void> {
    const reader = this.readers[place % Math.max(1, this.readers.length)];
    if (!reader?.iterator) return;
    const isExpired = this.clock.nowMs() - reader.issuedMs > 300_000;
    if (isExpired) {
      await assert.rejects(this.kinesis.getRecords({ iterator: reader.iterator, limit }), {
        exception: 'ExpiredIteratorException',
      });
      reader.iterator = null;
      return;
    }
    const reply = await this.kinesis.getRecords({ iterator: reader.iterator, limit });
    assert(reply.records.length <= limit);
    reader.texts.push(...reply.records.map(({ data }) => Buffer.from(data).toString()));
    reader.iterator = reply.nextIterator;
    reader.issuedMs = this.clock.nowMs();
    if (reply.nextIterator === null) {
      assert.equal(reply.behindLatestMs, 0);
      assert.deepEqual(
        reply.childShards.map(({ shardId }) => shardId),
        this.live.childrenOf(reader.shardId).map(({ shardId }) => shardId),
      );
      assert(reply.childShards.length > 0);
    }
    // When the reader is at the tip, it has read everything readable in the shard.
    const hasTrimmed = reader.from.length > this.kept(reader.shardId).length;
    if (reply.behindLatestMs === 0 && !hasTrimmed) {
      assert.deepEqual(reader.texts, this.kept(reader.shardId));
    }
  }

  /** Starts a change of the shards, if it is currently allowed. */
  async reshard(change: () => Promise<void>): Promise<void> {
    const { status } = this.live;
    const error = await change().catch((thrown: unknown) => thrown);
    assert(error === undefined || error instanceof ServiceException);
    if (status !== 'ACTIVE') assert.equal(error?.exception, 'ResourceInUseException');
  }

  /** Texts of a shard within the retention, in order. */
  kept(shardId: string): readonly string[] {
    return this.puts
      .filter(
        (put) =>
          put.shardId === shardId && put.arrivalMs >= this.live.horizonMs(this.clock.nowMs()),
      )
      .map(({ text }) => text);
  }

  /** Invariants after every call. */
  check(): void {
    let next = 0n;
    for (const { range, closedMs } of this.live.openShards) {
      assert.equal(range.start, next);
      assert.equal(closedMs, undefined);
      next = range.end + 1n;
    }
    assert.equal(next, 2n ** 128n);
    for (const shard of this.live.shards) {
      const numbers = this.puts
        .filter(({ shardId }) => shardId === shard.shardId)
        .map(({ sequenceNumber }) => sequenceNumber);
      assert.deepEqual(numbers, numbers.toSorted(compareSequence));
      assert.equal(new Set(numbers).size, numbers.length);
      const ending = shard.endingSequenceNumber;
      const last = numbers.at(-1);
      if (ending !== undefined && last !== undefined) {
        assert(compareSequence(last, ending) < 0);
      }
      for (const parentId of shard.parentShardIds) {
        const parent = this.live.find(parentId);
        if (parent !== undefined) assert.equal(parent.closedMs, shard.createdMs);
      }
    }
  }
}
