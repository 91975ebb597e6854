import type { Batch, Logger, ShardProcessor } from '@highwater/model';
import { encodeAggregate, silentLogger } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { defineConsumerMetrics, type LeaseStore } from '../src/index.ts';
import { guiltyInRowMax, setAsideRecordsMax } from '../src/consuming/set-aside.ts';
import { Bench } from './consumer-bench.ts';
import { Away, named, nameOf, stream } from './fixtures.ts';

// Goal: a record that cannot be processed is set aside with its error, everything else is in the
// state once and in order, and later readers of the shard decide the same. Only a record's own
// fault sets it aside. Method: a worker on simulated time whose processor throws on records with
// certain names.

const isBad = (name: string) => name.startsWith('bad');

/** Throws in the middle of a batch, with a part of it in its state. */
function picky(bench: Bench, isWrong: (name: string) => boolean = isBad) {
  return (shardId: string): ShardProcessor => {
    const inner = bench.journal.processor(shardId);
    const process = async (batch: Batch) => {
      for (const record of batch.records) {
        if (isWrong(nameOf(record))) throw new TypeError(`cannot\nread ${nameOf(record)}`);
        await inner.process({ ...batch, records: [record] });
      }
    };
    return { ...inner, process };
  };
}

async function stateOf(bench: Bench): Promise<readonly string[]> {
  const [lease] = await bench.leases.list();
  const state = lease?.checkpoint.state;
  if (!state) return [];
  const names = nameOf({ data: await bench.states.get(state) }).split(' ');
  return names.filter((name) => name !== '');
}

/** Reads the stream with a worker that accepts every record. */
async function readByAnother(bench: Bench): Promise<void> {
  const worker = bench.start({ owner: 'another' });
  await bench.clock.advance(20_000);
  await worker.stop();
}

async function benchWith(...names: readonly string[]): Promise<Bench> {
  const bench = new Bench();
  await bench.kinesis.create(stream, 1);
  await bench.put(...names);
  return bench;
}

/** Loses the decisions, like a lease table that does not know the attribute. */
function forgetful(leases: LeaseStore): void {
  const checkpoint = leases.checkpoint.bind(leases);
  leases.checkpoint = (held, next) => checkpoint(held, { ...next, setAside: undefined });
}

describe('a record that a processor throws on', () => {
  it.each([
    [['a', 'b', 'bad', 'c', 'd'], ['bad']],
    [['bad', 'a', 'b'], ['bad']],
    [['a', 'b', 'bad'], ['bad']],
    [['bad'], ['bad']],
    [
      ['a', 'bad-1', 'bad-2', 'b', 'c', 'bad-3', 'd'],
      ['bad-1', 'bad-2', 'bad-3'],
    ],
  ])('is set aside, and the others are in the state once: %j', async (names, bad) => {
    const bench = await benchWith(...names);
    const worker = bench.start({ createProcessor: picky(bench) });
    await bench.clock.advance(60_000);
    await worker.stop();
    expect(bench.letters.names).toEqual(bad);
    expect(await stateOf(bench)).toEqual(names.filter((name) => !isBad(name)));
  });

  it('is reported in its letter, the log, and the metrics', async () => {
    const bench = await benchWith('a', 'bad', 'b');
    const registry = new Registry();
    const errors: unknown[] = [];
    const log: Logger = { ...silentLogger, error: (fields) => errors.push(fields) };
    const metrics = defineConsumerMetrics(registry);
    const worker = bench.start({ createProcessor: picky(bench), metrics, log });
    await bench.clock.advance(20_000);
    await worker.stop();
    const [letter] = bench.letters.letters;
    const { sequenceNumber, shardId } = letter ?? {};
    expect(letter).toMatchObject({
      stage: 'tester',
      stream,
      reason: 'processing_failed',
      detail: 'TypeError: cannot read bad',
    });
    expect(errors).toEqual([
      expect.objectContaining({ stream, shardId, sequenceNumber, because: 'it_threw' }),
    ]);
    const text = await registry.metrics();
    expect(text).toContain('kinesis_records_set_aside_total{because="it_threw"} 1');
    // Once with its batch, and three times alone.
    expect(text).toContain('kinesis_processing_failures_total 4');
  });

  it('is one of an aggregate, and the rest of it is processed', async () => {
    const bench = await benchWith();
    const names = ['a', 'b', 'c', 'bad', 'd', 'e'];
    const data = encodeAggregate(names.map((name) => named(name)));
    await bench.kinesis.putRecords(stream, [{ partitionKey: 'k', data }]);
    const worker = bench.start({ createProcessor: picky(bench) });
    await bench.clock.advance(20_000);
    await worker.stop();
    expect(bench.letters.letters).toMatchObject([{ subSequenceNumber: 3 }]);
    expect(await stateOf(bench)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is processed when it passes at the third attempt', async () => {
    const bench = await benchWith('a', 'bad', 'b');
    let count = 0;
    const isWrong = (name: string) => isBad(name) && ++count <= 3;
    const worker = bench.start({ createProcessor: picky(bench, isWrong) });
    await bench.clock.advance(20_000);
    await worker.stop();
    expect(bench.letters.names).toEqual([]);
    expect(await stateOf(bench)).toEqual(['a', 'bad', 'b']);
  });

  it('is skipped by a replay, even if it could be processed by now', async () => {
    const bench = await benchWith('a', 'bad', 'b');
    await replayAfterRepair(bench);
    expect(bench.letters.names).toEqual(['bad']);
    expect(await stateOf(bench)).toEqual(['a', 'b', 'c']);
  });

  // The test must be able to fail: without the decision next to the checkpoint, a replay differs.
  it('returns in a replay when the lease table forgets the decision', async () => {
    const bench = await benchWith('a', 'bad', 'b');
    forgetful(bench.leases);
    await replayAfterRepair(bench);
    expect(await stateOf(bench)).toEqual(['a', 'bad', 'b', 'c']);
  });

  it('is set aside only after its letter is durable', async () => {
    const bench = await benchWith('a', 'bad', 'b');
    bench.letters.put = async () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const worker = bench.start({ createProcessor: picky(bench) });
    await bench.clock.advance(20_000);
    await expect(worker.running).rejects.toThrow('no space left');
    expect(await stateOf(bench)).not.toContain('b');
    const [lease] = await bench.leases.list();
    expect(lease?.checkpoint.setAside).toBeUndefined();
  });
});

/** Sets a record aside, fixes the processor, loses the snapshot, and reads everything again. */
async function replayAfterRepair(bench: Bench): Promise<void> {
  const worker = bench.start({ createProcessor: picky(bench) });
  await bench.clock.advance(20_000);
  await worker.stop();
  bench.states.clear();
  await bench.put('c');
  const next = bench.start({ owner: 'b', recover: 'replay' });
  await bench.clock.advance(20_000);
  await next.stop();
}

describe('records that are not at fault', () => {
  it.each([
    ['a store that is away', new Away('no sink')],
    ['a disk', Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' })],
  ])('are not set aside because of %s: the process ends', async (_, error) => {
    const bench = await benchWith('a', 'b');
    for (let life = 0; life < 10; life++) {
      const processor = (shardId: string) => ({
        ...bench.journal.processor(shardId),
        process: async () => {
          throw error;
        },
      });
      const worker = bench.start({ createProcessor: processor, owner: `worker-${life}` });
      await bench.clock.advance(5_000);
      await expect(worker.running).rejects.toBe(error);
    }
    await readByAnother(bench);
    expect(bench.letters.names).toEqual([]);
    expect(await stateOf(bench)).toEqual(['a', 'b']);
  });

  it('are not set aside by a processor that throws on all of them', async () => {
    const names = Array.from({ length: guiltyInRowMax + 5 }, (_, index) => `good-${index}`);
    const bench = await benchWith(...names);
    const worker = bench.start({ createProcessor: picky(bench, () => true) });
    await bench.clock.advance(120_000);
    await expect(worker.running).rejects.toMatchObject({ code: 'HW_KINESIS_SET_ASIDE_LIMIT' });
    expect(bench.letters.names).toEqual([]);
    await readByAnother(bench);
    expect(await stateOf(bench)).toEqual(names);
  });

  it('are set aside up to that limit when they arrive one by one, each to a shard that is read to its tip', async () => {
    const bench = await benchWith('good-0');
    const worker = bench.start({ createProcessor: picky(bench, () => true) });
    for (let index = 1; index <= guiltyInRowMax + 5; index++) {
      await bench.clock.advance(20_000);
      await bench.put(`good-${index}`);
    }
    await bench.clock.advance(60_000);
    await expect(worker.running).rejects.toMatchObject({ code: 'HW_KINESIS_SET_ASIDE_LIMIT' });
    expect(bench.letters.names.length).toBeLessThanOrEqual(guiltyInRowMax);
  });

  it.each(['open', 'tick', 'snapshot', 'committed'] as const)(
    'are not blamed for an error from %s',
    async (call) => {
      const bench = await benchWith('a', 'b');
      const createProcessor = (shardId: string): ShardProcessor => ({
        ...bench.journal.processor(shardId),
        [call]: () => {
          throw new TypeError(`in ${call}`);
        },
      });
      const worker = bench.start({ createProcessor });
      await bench.clock.advance(20_000);
      await expect(worker.running).rejects.toThrow(`in ${call}`);
      expect(bench.letters.names).toEqual([]);
    },
  );

  it('are not set aside beyond the capacity of a checkpoint', async () => {
    const bench = await benchWith();
    const names = Array.from({ length: setAsideRecordsMax + 1 }, (_, index) => [
      `good-${index}`,
      `bad-${index}`,
    ]).flat();
    for (let start = 0; start < names.length; start += 100) {
      await bench.put(...names.slice(start, start + 100));
    }
    const worker = bench.start({ createProcessor: picky(bench) });
    await bench.clock.advance(1_200_000);
    await expect(worker.running).rejects.toThrow('100 of its records have been set aside');
    expect(bench.letters.names).toHaveLength(setAsideRecordsMax);
    const [lease] = await bench.leases.list();
    expect(lease?.checkpoint.setAside).toHaveLength(setAsideRecordsMax);
  });
});
