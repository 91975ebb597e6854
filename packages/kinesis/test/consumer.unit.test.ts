import { encodeAggregate, MemoryLeaseStore } from '@highwater/testkit';
import type { Batch, ProcessorStart } from '@highwater/model';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { defineConsumerMetrics, type LeaseStore } from '../src/index.ts';
import { Bench, timing } from './consumer-bench.ts';
import { Away, named, stream } from './fixtures.ts';

const shard = (index: number) => `shardId-${String(index).padStart(12, '0')}`;
const middle = (2n ** 127n).toString();

describe('runConsumer', () => {
  it('writes no checkpoint before everything that follows from its records was accepted', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a', 'b', 'c', 'd', 'e', 'f');
    const accepted = new Set<string>();
    const checkpoint: LeaseStore['checkpoint'] = async (held, next) => {
      const { position } = next;
      if (position.type === 'AFTER_SEQUENCE_NUMBER') {
        bench.journal.lines.push(`checkpoint after ${position.sequenceNumber}`);
        expect(accepted).toContain(position.sequenceNumber);
      }
      return MemoryLeaseStore.prototype.checkpoint.call(bench.leases, held, next);
    };
    bench.leases.checkpoint = checkpoint;
    const onBatch = async ({ records }: Batch) => {
      // A slow sink: checkpoints become due while it works.
      await bench.clock.sleep(2_500);
      for (const { sequenceNumber } of records) accepted.add(sequenceNumber);
    };
    const worker = bench.start({
      createProcessor: (shardId) => bench.journal.processor(shardId, { onBatch }),
    });
    await bench.clock.advance(20_000);
    await worker.stop();
    expect(bench.journal.names).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(bench.journal.lines.join()).toContain('checkpoint after');
  });

  it('finishes its batch, writes a checkpoint, and releases its leases when it is stopped', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 2);
    await bench.put('a', 'b', 'c', 'd');
    const worker = bench.start({ timing: { ...timing, checkpointIntervalMs: 1e9 } });
    await bench.clock.advance(3_000);
    expect((await bench.leases.list()).every(({ owner }) => owner === 'a')).toBe(true);
    await worker.stop();
    const leases = await bench.leases.list();
    expect(leases.map(({ owner }) => owner)).toEqual([undefined, undefined]);
    const read = leases.filter(({ checkpoint }) => checkpoint.state && checkpoint.state.bytes > 0);
    expect(read.length).toBeGreaterThan(0);
    expect(bench.clock.sleepersCount).toBe(0);
    expect(bench.journal.lines.filter((line) => line.endsWith('shutdown'))).toHaveLength(2);
  });

  it('resumes with the state and after the position of the previous worker', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a', 'b', 'c');
    await bench.start().stop();
    const worker = bench.start({ owner: 'b' });
    await bench.clock.advance(5_000);
    await worker.stop();
    await bench.put('d');
    const last = bench.start({ owner: 'c' });
    await bench.clock.advance(5_000);
    await last.stop();
    expect(bench.journal.names).toEqual(['a', 'b', 'c', 'd']);
    expect(Buffer.from(bench.journal.starts.at(-1)?.ownSnapshot ?? []).toString()).toBe('a b c');
  });

  it('reads again after a crash exactly the records since the last checkpoint', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a', 'b');
    bench.start();
    await bench.clock.advance(2_000);
    await bench.put('c');
    await bench.clock.advance(400);
    // The first worker is cut off, not stopped: it is never heard from again.
    const next = bench.start({ owner: 'b' });
    await bench.clock.advance(5_000);
    await next.stop();
    expect(bench.journal.names.filter((name) => name === 'a')).toHaveLength(1);
    expect(new Set(bench.journal.names)).toEqual(new Set(['a', 'b', 'c']));
  });

  it('starts children after all their parents, through simultaneous splits and merges', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    const { account } = bench.kinesis;
    await bench.put('a1', 'b1', 'c1');
    await account.splitShard(stream, shard(0), middle);
    await bench.clock.advance(10);
    await bench.put('a2', 'b2', 'c2');
    await account.mergeShards(stream, shard(1), shard(2));
    await bench.clock.advance(10);
    await bench.put('a3', 'b3', 'c3');
    const worker = bench.start();
    await bench.clock.advance(60_000);
    await worker.stop();
    const generations = bench.journal.names.map((name) => name[1]).join('');
    expect(generations).toBe('111222333');
    const opened = bench.journal.lines.filter((line) => line.startsWith('open'));
    expect(opened).toHaveLength(4);
    expect(opened.at(-1)).toBe(`open ${shard(3)}`);
    expect(bench.journal.starts.at(-1)?.parentSnapshots).toHaveLength(2);
    const ends = (await bench.leases.list()).map(({ checkpoint }) => checkpoint.position.type);
    expect(ends).toEqual(['SHARD_END', 'SHARD_END', 'SHARD_END', 'AFTER_SEQUENCE_NUMBER']);
  });

  it('reports why it failed, after it has closed its other shards', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 2);
    await bench.put('a', 'b', 'c', 'd', 'bad');
    const onBatch = async ({ records }: Batch) => {
      if (records.some(({ partitionKey }) => partitionKey === 'bad')) throw new Away('no sink');
    };
    const worker = bench.start({
      createProcessor: (shardId) => bench.journal.processor(shardId, { onBatch }),
    });
    await bench.clock.advance(20_000);
    await expect(worker.running).rejects.toThrow('no sink');
    expect(bench.journal.lines.filter((line) => line.endsWith('shutdown'))).toHaveLength(1);
  });

  it('keeps one snapshot per shard', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    const worker = bench.start();
    for (let index = 0; index < 10; index++) {
      await bench.put(`r${index}`);
      await bench.clock.advance(1_500);
    }
    await worker.stop();
    expect(bench.states.keys).toHaveLength(1);
  });

  it('refuses to start a shard whose snapshot is gone', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a');
    const worker = bench.start();
    await bench.clock.advance(3_000);
    await worker.stop();
    bench.states.clear();
    const next = bench.start({ owner: 'b' });
    await bench.clock.advance(3_000);
    await expect(next.running).rejects.toMatchObject({ code: 'HW_KINESIS_STATE' });
    expect(bench.journal.names).toEqual(['a']);
  });

  it('rebuilds a lost snapshot by reading again if it may', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a', 'b');
    const worker = bench.start();
    await bench.clock.advance(3_000);
    await worker.stop();
    bench.states.clear();
    await bench.put('c');
    const next = bench.start({ owner: 'b', recover: 'replay' });
    await bench.clock.advance(5_000);
    await next.stop();
    expect(bench.journal.names).toEqual(['a', 'b', 'a', 'b', 'c']);
    expect(bench.journal.starts.at(-1)).not.toHaveProperty('replay');
    const [lease] = await bench.leases.list();
    const state = lease?.checkpoint.state && (await bench.states.get(lease.checkpoint.state));
    expect(Buffer.from(state ?? []).toString()).toBe('a b c');
  });

  it("rebuilds the lost snapshot of a child from its parents' snapshots", async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    await bench.put('a');
    const worker = bench.start();
    await bench.clock.advance(3_000);
    await bench.kinesis.account.splitShard(stream, shard(0), middle);
    await bench.put('b');
    await bench.clock.advance(5_000);
    await worker.stop();
    const first = bench.journal.starts.filter(({ parentSnapshots }) => parentSnapshots.length > 0);
    expect(first).toHaveLength(2);
    for (const { shardId, checkpoint } of await bench.leases.list()) {
      if (shardId !== shard(0)) bench.states.damage(checkpoint.state?.key ?? '');
    }
    const next = bench.start({ owner: 'b', recover: 'replay' });
    await bench.clock.advance(5_000);
    await next.stop();
    const inherited = ({ parentSnapshots }: ProcessorStart) => parentSnapshots.map(String);
    expect(bench.journal.starts.slice(-2).map(inherited)).toEqual(first.map(inherited));
    expect(bench.journal.names).toEqual(['a', 'b', 'b']);
  });

  it('rejects a stream that was created again with the same name', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    const worker = bench.start();
    await bench.clock.advance(3_000);
    await worker.stop();
    await bench.kinesis.account.deleteStream(stream);
    await bench.clock.advance(60_000);
    await bench.kinesis.create(stream, 1);
    const next = bench.start({ owner: 'b' });
    await bench.clock.advance(3_000);
    await expect(next.running).rejects.toMatchObject({ code: 'HW_KINESIS_STREAM_REPLACED' });
  });

  it('writes a checkpoint inside an aggregate, and resumes at the next sub-record', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const data = encodeAggregate(names.map((name) => named(name)));
    await bench.kinesis.putRecords(stream, [{ partitionKey: 'k', data }]);
    await bench.put('h');
    // Each worker is stopped in the middle of its second or a later batch.
    for (let life = 0; bench.journal.names.length < 8; life++) {
      expect(life).toBeLessThan(8);
      let batches = 0;
      const onBatch = async () => {
        batches += 1;
        if (batches === 2) worker.abort();
      };
      const worker = bench.start({
        owner: `worker-${life}`,
        createProcessor: (shardId) => bench.journal.processor(shardId, { onBatch }),
      });
      await bench.clock.advance(3_000);
      await worker.stop();
      const [lease] = await bench.leases.list();
      const sub = (bench.journal.names.length - 1) % 7;
      if (bench.journal.names.length < 8) {
        expect(lease?.checkpoint.position).toMatchObject({ subSequenceNumber: sub });
      }
    }
    expect(bench.journal.names).toEqual([...names, 'h']);
  });

  it('records the position of an idle shard that is read by fan-out', async () => {
    const bench = new Bench();
    await bench.kinesis.create(stream, 1);
    const worker = bench.start({ read: { consumerName: 'reader' } });
    await bench.clock.advance(60_000);
    const [lease] = await bench.leases.list();
    expect(lease?.checkpoint.position.type).toBe('AFTER_SEQUENCE_NUMBER');
    await worker.stop();
    await bench.put('a');
    const next = bench.start({ owner: 'b', read: { consumerName: 'reader' } });
    await bench.clock.advance(10_000);
    await next.stop();
    // The way of reading can be changed at any time.
    await bench.put('b');
    const last = bench.start({ owner: 'c' });
    await bench.clock.advance(10_000);
    await last.stop();
    expect(bench.journal.names).toEqual(['a', 'b']);
  });

  it.each([undefined, 'reader'])(
    'removes the metrics of a shard that is no longer read (%s)',
    async (name) => {
      const bench = new Bench();
      await bench.kinesis.create(stream, 2);
      await bench.put('a', 'b', 'c', 'd');
      const registry = new Registry();
      const metrics = defineConsumerMetrics(registry);
      const worker = bench.start({ metrics, read: { consumerName: name } });
      await bench.clock.advance(10_000);
      const shown = async () => (await registry.metrics()).match(/shard_id="/g)?.length ?? 0;
      expect(await shown()).toBeGreaterThan(8);
      await worker.stop();
      expect(await shown()).toBe(0);
    },
  );

  it.each([undefined, 'reader'])(
    'reports promptly that a quiet shard is idle (%s)',
    async (name) => {
      const bench = new Bench();
      await bench.kinesis.create(stream, 1);
      await bench.put('a');
      const idleMs: number[] = [];
      const createProcessor = (shardId: string) => ({
        ...bench.journal.processor(shardId),
        tick: async (_: number, isIdle: boolean) => {
          if (isIdle) idleMs.push(bench.clock.monotonicMs());
        },
      });
      const worker = bench.start({ createProcessor, read: { consumerName: name } });
      await bench.clock.advance(60_000);
      await worker.stop();
      expect(idleMs[0]).toBeLessThanOrEqual(3_000 + 10_000);
      // It reports that again about once a second.
      expect(idleMs.length).toBeGreaterThan(40);
    },
  );
});
