import { describe, expect, it } from 'vitest';
import { unreachable } from './faulty-leases.ts';
import { Fleet, sharing, stream, type Worker } from './fleet.ts';

// Goal: a worker exports metrics about the shards that it currently reads, how it got them, and how
// it lost others. Method: two workers on simulated time, each with its registry.

const quietMs = 60_000;

async function opened() {
  const fleet = new Fleet('lease-metrics');
  await fleet.kinesis.create(stream, 4);
  await fleet.clock.advance(1_000);
  return fleet;
}

async function shardsOf(fleet: Fleet, { owner }: Worker): Promise<readonly string[]> {
  const leases = await fleet.leases.list();
  return leases.filter((lease) => lease.owner === owner).map(({ shardId }) => shardId);
}

/** The shards in the labels of each metric that has such a label. */
async function exported({ registry }: Worker): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const shards = new Map<string, Set<string>>();
  for (const { name, values } of await registry.getMetricsAsJSON()) {
    for (const { labels } of values) {
      const shardId = labels['shard_id'];
      if (shardId === undefined) continue;
      const known = shards.get(name) ?? new Set();
      shards.set(name, known.add(String(shardId)));
    }
  }
  return shards;
}

async function total({ registry }: Worker, name: string, labels = {}): Promise<number> {
  const metric = await registry.getSingleMetric(name)?.get();
  const matching = metric?.values.filter((value) =>
    Object.entries(labels).every(([label, text]) => value.labels[label] === text),
  );
  return (matching ?? []).reduce((sum, { value }) => sum + value, 0);
}

const perShard = [
  'highwater_last_record_processed_timestamp_seconds',
  'kinesis_behind_latest_seconds',
  'kinesis_iterator_age_seconds',
  'kinesis_read_interval_seconds',
  'kinesis_checkpoint_timestamp_seconds',
  'kinesis_snapshot_bytes',
];

describe('lease metrics', () => {
  it('have series of the current shards, and lose those that were handed over', async () => {
    const fleet = await opened();
    const first = fleet.start();
    await fleet.put(100);
    await fleet.clock.advance(quietMs);
    const before = await exported(first);
    expect(perShard.filter((name) => before.get(name)?.size !== 4)).toEqual([]);
    const second = fleet.start();
    await fleet.clock.advance(quietMs);
    await fleet.put(100);
    await fleet.clock.advance(quietMs);
    for (const worker of [first, second]) {
      const mine = new Set(await shardsOf(fleet, worker));
      expect(mine.size).toBe(2);
      const series = await exported(worker);
      expect([...series.keys()].toSorted()).toEqual(perShard.toSorted());
      for (const shards of series.values()) expect(shards).toEqual(mine);
      expect(await total(worker, 'kinesis_leases_held')).toBe(2);
    }
    expect(await total(first, 'kinesis_leases_taken_total', { from: 'nobody' })).toBe(4);
    expect(await total(first, 'kinesis_leases_handed_over_total')).toBe(2);
    expect(await total(first, 'kinesis_leases_lost_total')).toBe(0);
    expect(await total(second, 'kinesis_leases_requested_total')).toBe(2);
    expect(await total(second, 'kinesis_leases_taken_total', { from: 'asked_owner' })).toBe(2);
    await first.stop();
    expect([...(await exported(first)).values()].flatMap((shards) => [...shards])).toEqual([]);
    expect(await total(first, 'kinesis_leases_held')).toBe(0);
  });

  it('lose the series of shards that were lost, and count them', async () => {
    const fleet = await opened();
    const first = fleet.start();
    await fleet.put(100);
    await fleet.clock.advance(quietMs);
    const second = fleet.start();
    first.pause(3 * sharing.durationMs);
    await fleet.clock.advance(2 * sharing.durationMs);
    expect(await shardsOf(fleet, second)).toHaveLength(4);
    expect(await total(second, 'kinesis_leases_taken_total', { from: 'silent_owner' })).toBe(4);
    await fleet.clock.advance(quietMs);
    expect(await total(first, 'kinesis_leases_lost_total')).toBe(4);
    const mine = new Set(await shardsOf(fleet, first));
    for (const shards of (await exported(first)).values()) {
      expect([...shards].filter((shardId) => !mine.has(shardId))).toEqual([]);
    }
  });

  it('report how large snapshots are, and how long they take', async () => {
    const fleet = await opened();
    const worker = fleet.start();
    await fleet.put(100);
    await fleet.clock.advance(quietMs);
    await worker.stop();
    const next = fleet.start();
    await fleet.clock.advance(quietMs);
    expect(await total(next, 'kinesis_snapshot_bytes')).toBeGreaterThan(0);
    const metric = await next.registry.getSingleMetric('kinesis_snapshot_duration_seconds')?.get();
    const stages = new Set(metric?.values.map(({ labels }) => labels['stage']));
    expect(stages).toEqual(new Set(['take', 'store', 'restore']));
  });

  it('count errors by kind and by call', async () => {
    const fleet = await opened();
    const worker = fleet.start();
    await fleet.clock.advance(quietMs);
    const isAway = () => Promise.reject(unreachable('throttle'));
    Object.assign(fleet.leases, { list: isAway, renew: isAway, checkpoint: isAway });
    await fleet.clock.advance(5_000);
    const labels = { code: 'ThrottlingException' };
    expect(await total(worker, 'highwater_errors_total', labels)).toBeGreaterThan(0);
    for (const stage of ['renew', 'lease', 'checkpoint']) {
      expect(await total(worker, 'highwater_errors_total', { ...labels, stage })).toBeGreaterThan(
        0,
      );
    }
  });
});
