import { describe, expect, it } from 'vitest';
import { compose, docker } from './compose.ts';
import { containers } from './containers.ts';
import { alertsFired, query, within } from './prometheus.ts';
import { expectSettledRows } from './rows.ts';

const shardsCount = { aggregator: 4, 'raw-writer': 4, 'upsert-writer': 2 };
const readers = Object.keys(shardsCount);

// Goal: replicas come, go and die without a row noticing. Method: scale every reader up while points
// flow, kill a replica of each, scale down again, and compare the whole table with rows recomputed
// from the stream.
describe('the readers', () => {
  const killed: string[] = [];

  it('share the shards among their replicas', async () => {
    await scaleTo({ aggregator: 3, 'raw-writer': 2, 'upsert-writer': 2 });
    await expect.poll(workersByService, within(90_000)).toEqual({
      aggregator: 3,
      'raw-writer': 2,
      'upsert-writer': 2,
    });
    await expect.poll(leasesByService, within(60_000)).toEqual(shardsCount);
  });

  it('take over the shards of a killed replica', async () => {
    for (const service of readers) {
      const [container] = await containers(service);
      for (const { IPAddress } of Object.values(container?.NetworkSettings.Networks ?? {})) {
        killed.push(`${IPAddress}:9464`);
      }
      await docker('kill', '--signal', 'KILL', container?.Id ?? '');
    }
    const left = { aggregator: 2, 'raw-writer': 1, 'upsert-writer': 1 };
    await expect.poll(workersByService, within(90_000)).toEqual(left);
    await expect.poll(leasesByService, within(60_000)).toEqual(shardsCount);
  });

  it('have lost nothing after they are scaled down again', async () => {
    await scaleTo({ aggregator: 1, 'raw-writer': 1, 'upsert-writer': 1 });
    await expect.poll(leasesByService, within(90_000)).toEqual(shardsCount);
    await expectSettledRows();
  });

  it('were all seen by Prometheus, and only alerts about killed replicas have fired', async () => {
    const seen = await query('count by (job) (max_over_time(up{job!="prometheus"}[10m]) == 1)');
    const counts = Object.fromEntries(seen.map(({ labels, value }) => [labels['job'], value]));
    expect(counts['aggregator']).toBeGreaterThanOrEqual(3);
    expect(counts['raw-writer']).toBeGreaterThanOrEqual(2);
    expect(counts['upsert-writer']).toBeGreaterThanOrEqual(2);
    const down = await query(
      'max_over_time(ALERTS{alertstate="firing", alertname="HighwaterInstanceDown"}[10m])',
    );
    const instances = down.map(({ labels }) => labels['instance'] ?? '');
    expect(instances.filter((instance) => !killed.includes(instance))).toEqual([]);
    const fired = await alertsFired('10m');
    expect(fired.filter((name) => name !== 'HighwaterInstanceDown')).toEqual([]);
  });
});

async function scaleTo(replicas: Readonly<Record<string, number>>): Promise<void> {
  const scales = Object.entries(replicas).flatMap(([name, count]) => [
    '--scale',
    `${name}=${count}`,
  ]);
  await compose('up', '--detach', '--wait', '--no-build', '--no-recreate', ...scales);
}

/** How many replicas of each reader hold a lease now. */
function workersByService() {
  return byService('count by (job) (kinesis_leases_held > 0 and up == 1)');
}

/** How many leases the replicas of each reader hold together. */
function leasesByService() {
  return byService('sum by (job) (kinesis_leases_held and up == 1)');
}

async function byService(expression: string): Promise<Readonly<Record<string, number>>> {
  const samples = await query(expression);
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['job'] ?? '', value]));
}
