import { SeededRandom } from '@highwater/testkit';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../test/end-to-end/local-pipeline.ts';
import {
  resultsStream,
  startServiceFleet,
  type ServiceFleet,
  type ServiceWorker,
} from '../../test/consumer/service-fleet.ts';
import { handOversOf } from './hand-overs.ts';
import { RowFreshness } from './row-freshness.ts';
import { samplesOf, totalOf } from './samples.ts';
import { asInProduction } from './settings.ts';

const services = ['aggregator', 'aggregator', 'upsert-writer', 'upsert-writer'] as const;
const lastRecord = 'highwater_last_record_processed_timestamp_seconds';

/**
 * Restarts each of two aggregators and two upsert-writers in turn, under 200 records a second: how
 * long each shard is with nobody, how old the newest point that was aggregated gets, and how many
 * records are delivered twice.
 */
export async function rollingRestart(out: (line: string) => void): Promise<void> {
  const random = new SeededRandom('recovery');
  await using fleet = await startServiceFleet({ raw: 4, results: 2 }, { settings: asInProduction });
  const workers: ServiceWorker[] = services.map((service) => fleet.start(service));
  const all = [...workers];
  const load = startLoad(fleet, random);
  await Promise.all(workers.map(isReading));
  // New workers watch for a lease's duration, then balance.
  await sleep(25_000);
  const watch = watchFreshness(() => all);
  out('| restarted | shards | longest hand-over | SIGTERM to end | oldest newest point |');
  out('|---|---|---|---|---|');
  for (const [index, worker] of [...workers].entries()) {
    const startMs = performance.now();
    worker.kill('SIGTERM');
    await worker.exited;
    const drainSeconds = (performance.now() - startMs) / 1000;
    const next = fleet.start(worker.service);
    workers[index] = next;
    all.push(next);
    await isReading(next);
    // Until it has its share again: a rolling update that waits for less waits in vain.
    await sleep(15_000);
    const handOvers = handOversOf(worker, all);
    const longest = Math.max(0, ...handOvers.map(({ seconds }) => seconds));
    out(
      `| ${worker.service} | ${handOvers.length} | ${longest.toFixed(2)} s | ${drainSeconds.toFixed(2)} s | ${watch.takeMax().toFixed(1)} s |`,
    );
  }
  const putCount = await load.stop();
  out('');
  await sleep(20_000);
  const rows = await watch.stop();
  for (const service of ['aggregator', 'upsert-writer'] as const) {
    const ending = workers.filter((worker) => worker.service === service);
    for (const worker of ending) worker.kill('SIGTERM');
    await Promise.all(ending.map(({ exited }) => exited));
    const wanted = service === 'aggregator' ? putCount : await fleet.recordsCount(resultsStream);
    if (service === 'aggregator') await caughtUp(all);
    const processed = all
      .filter((worker) => worker.service === service)
      .flatMap((worker) => worker.logged('Stopped reading the stream.'))
      .reduce((sum, { fields }) => sum + Number(fields['recordsCount']), 0);
    out(`${service}s: ${wanted} records in the stream, ${processed - wanted} delivered twice.`);
  }
  const [all99, every] = [rows.within(0.99), rows.within(1)];
  out(
    `Of ${every.rowsCount} rows, 99 % were stored within ${all99.seconds} s of their newest point and all within ${every.seconds} s (windows of 4 s).`,
  );
}

/** The upsert writers must have read what the aggregators said last. */
async function caughtUp(all: readonly ServiceWorker[]): Promise<void> {
  await until(
    async () => {
      const texts = await Promise.all(all.map((worker) => worker.metrics()));
      return Math.max(...texts.map((text) => totalOf(text, 'kinesis_behind_latest_max_seconds')));
    },
    (behind) => behind === 0,
  );
  await sleep(3_000);
}

function isReading(worker: ServiceWorker): Promise<string> {
  return until(
    async () => worker.output(),
    (output) => output.includes('Acquired the lease.'),
  );
}

function startLoad(fleet: ServiceFleet, random: SeededRandom) {
  const stopping = new AbortController();
  let putCount = 0;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const [count] = await Promise.all([fleet.feed(random, 20), sleep(100)]);
      putCount += count;
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
      return putCount;
    },
  };
}

/**
 * Watches, shard by shard, how old the newest record is that the aggregators have processed, and how
 * long the upsert writers' rows take.
 */
function watchFreshness(workers: () => readonly ServiceWorker[]) {
  const newest = new Map<string, number>();
  const rows = new RowFreshness();
  let max = 0;
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const looks = workers().map(async (worker) => [worker, await worker.metrics()] as const);
      const texts = await Promise.all(looks);
      const of = (service: ServiceWorker['service']) =>
        new Map(texts.filter(([worker]) => worker.service === service));
      rows.see(of('upsert-writer'));
      const aggregated = [...of('aggregator').values()];
      for (const { labels, value } of aggregated.flatMap((text) => samplesOf(text, lastRecord))) {
        const shardId = labels['shard_id'] ?? '';
        newest.set(shardId, Math.max(newest.get(shardId) ?? 0, value));
      }
      const ages = [...newest.values()].map((seconds) => Date.now() / 1000 - seconds);
      max = Math.max(max, ...ages);
      await sleep(100);
    }
  })();
  return {
    takeMax() {
      const taken = max;
      max = 0;
      return taken;
    },
    async stop() {
      stopping.abort();
      await running;
      return rows;
    },
  };
}
