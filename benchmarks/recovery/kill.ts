import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/end-to-end/local-pipeline.ts';
import {
  startServiceFleet,
  type ServiceFleet,
  type ServiceWorker,
} from '../../test/consumer/service-fleet.ts';
import { samplesOf, totalOf } from './samples.ts';
import { asInProduction } from './settings.ts';

/** Two aggregators share them evenly, so that each has half of them open. */
const seriesCount = 400_000;
const pointsPerRecord = 20;
const views = `views:
  - name: hour
    window: { tumbling: 1h }
    allowedLateness: 1m
    aggregates: [avg]
`;

/**
 * Kills one of two aggregators while it has 200,000 open rows: how long until its shards are read
 * again, and the size of their snapshots.
 */
export async function killWithOpenRows(out: (line: string) => void): Promise<void> {
  await using fleet = await startServiceFleet(
    { raw: 4, results: 2 },
    { settings: asInProduction, views },
  );
  const workers = [fleet.start('aggregator'), fleet.start('aggregator')];
  const [victim, heir] = workers as [ServiceWorker, ServiceWorker];
  await until(
    () => Promise.all(workers.map((worker) => total(worker, 'kinesis_leases_held'))),
    (held) => held.every((count) => count === 2),
    120_000,
  );
  await putPoints(fleet);
  await until(
    () => Promise.all(workers.map((worker) => total(worker, 'aggregator_open_rows'))),
    (rows) => rows.reduce((sum, count) => sum + count, 0) >= seriesCount,
    180_000,
  );
  // A checkpoint that has it all.
  await sleep(25_000);
  const before = await victim.metrics();
  const killedMs = Date.now();
  victim.kill('SIGKILL');
  const opened = await until(
    async () => heir.logged('Opened the shard.').filter(({ atMs }) => atMs >= killedMs),
    (lines) => lines.length >= 2,
    120_000,
  );
  const rows = totalOf(before, 'aggregator_open_rows');
  const bytes = totalOf(before, 'kinesis_snapshot_bytes');
  const seconds = opened.map(({ atMs }) => (atMs - killedMs) / 1000);
  const restores = opened.map(({ fields }) => Number(fields['openMs']));
  out(`Killed with ${rows.toLocaleString('en')} open rows in 2 shards, after a checkpoint.`);
  out('');
  out('| what | figure |');
  out('|---|---|');
  out(
    `| kill to the first, the last shard being read again | ${seconds.map((s) => s.toFixed(1)).join(' s, ')} s |`,
  );
  out(`| of which the lease's duration, in which nobody may take it | 10 s |`);
  out(`| restoring a shard's snapshot | ${restores.join(' ms, ')} ms |`);
  out(`| snapshots of both shards | ${(bytes / 1e6).toFixed(1)} MB |`);
  for (const stage of ['take', 'store']) {
    out(`| to ${stage} one, on average over the run | ${averageMs(before, stage).toFixed(0)} ms |`);
  }
}

async function total(worker: ServiceWorker, name: string): Promise<number> {
  return totalOf(await worker.metrics(), name);
}

function averageMs(text: string, stage: string): number {
  const of = (name: string) =>
    samplesOf(text, `kinesis_snapshot_duration_seconds_${name}`).find(
      ({ labels }) => labels['stage'] === stage,
    )?.value ?? 0;
  return (of('sum') / of('count')) * 1000;
}

/** Every series once, many points in a record. */
async function putPoints(fleet: ServiceFleet): Promise<void> {
  const time = Date.now();
  for (let from = 0; from < seriesCount; from += 50_000) {
    const records = Array.from({ length: 50_000 / pointsPerRecord }, (_none, index) => {
      const first = from + index * pointsPerRecord;
      const lines = Array.from({ length: pointsPerRecord }, (_, point) =>
        JSON.stringify({
          MeasureName: 'cpu_user',
          MeasureValue: 1,
          Time: time,
          instance_name: `i-${first + point}`,
          region: 'us_east_1',
        }),
      );
      return { partitionKey: String(first), data: Buffer.from(lines.join('\n')) };
    });
    await fleet.put(records);
  }
}
