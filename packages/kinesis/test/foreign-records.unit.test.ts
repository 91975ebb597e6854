import { encodeAggregate, MemoryKinesis, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { hashKeyOf } from '../src/api/hash-key.ts';
import { named, stream } from './fixtures.ts';
import { namesOf, openReader, readUntil, type BenchOptions } from './reader-bench.ts';

const half = 2n ** 127n;
const left = { start: 0n, end: half - 1n };
const names = Array.from({ length: 20 }, (_, index) => `key-${index}`);
const isLeft = (name: string) => hashKeyOf(name) < half;

async function outcomes(registry: Registry) {
  const metric = await registry.getSingleMetric('kinesis_foreign_records_total')?.get();
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [labels['outcome'], value]),
  );
}

async function reading(
  records: Parameters<typeof encodeAggregate>[0],
  options: Partial<BenchOptions>,
) {
  const clock = new SimulatedClock();
  const kinesis = new MemoryKinesis(clock);
  await kinesis.create(stream, 1);
  const data = encodeAggregate(records);
  await kinesis.putRecords(stream, [{ partitionKey: 'k', data }, named('end')]);
  const registry = new Registry();
  const reader = openReader({
    mode: 'polling',
    api: kinesis,
    clock,
    registry,
    batchRecordsMax: 3,
    ...options,
  });
  const reads = await readUntil(reader, clock, (all) => namesOf(all).includes('end'));
  return { names: namesOf(reads).slice(0, -1), reads, registry };
}

describe('sub-records whose key belongs to another shard', () => {
  const records = names.map((name) => named(name));
  const foreignCount = names.filter((name) => !isLeft(name)).length;

  it('are delivered and counted, unless they are to be dropped', async () => {
    const kept = await reading(records, { findRange: async () => left });
    expect(kept.names).toEqual(names);
    expect(await outcomes(kept.registry)).toEqual({ kept: foreignCount });
    const dropped = await reading(records, { findRange: async () => left, foreign: 'drop' });
    expect(dropped.names).toEqual(names.filter(isLeft));
    expect(await outcomes(dropped.registry)).toEqual({ dropped: foreignCount });
  });

  it('do not change the indexes of the others', async () => {
    const { reads } = await reading(records, { findRange: async () => left, foreign: 'drop' });
    const numbers = reads.flatMap(({ batch }) =>
      batch.records.map((each) => each.subSequenceNumber),
    );
    const expected = names.flatMap((name, index) => (isLeft(name) ? [index] : []));
    expect(numbers.slice(0, -1)).toEqual(expected);
  });

  it('are recognized by their explicit hash key, if they have one', async () => {
    const packed = [
      { ...named('low'), explicitHashKey: '0' },
      { ...named('high'), explicitHashKey: half.toString() },
      { ...named('no number'), partitionKey: names.find(isLeft) ?? '', explicitHashKey: 'x' },
      {
        ...named('too large'),
        partitionKey: names.find(isLeft) ?? '',
        explicitHashKey: '9'.repeat(39),
      },
    ];
    const found = await reading(packed, { findRange: async () => left, foreign: 'drop' });
    expect(found.names).toEqual(['low', 'no number', 'too large']);
  });

  it('are not recognized when the shard is no longer listed', async () => {
    const found = await reading(records, { foreign: 'drop' });
    expect(found.names).toEqual(names);
    expect(await outcomes(found.registry)).toEqual({});
  });
});
