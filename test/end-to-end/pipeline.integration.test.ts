import { SeededRandom } from '@highwater/testkit';
import { systemClock } from '@highwater/service';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  averagesCount,
  expectedRows,
  startPipeline,
  until,
  type LocalPipeline,
} from './local-pipeline.ts';
import type { Engine } from './stack-store.ts';

/** Late points, records twice, and every series in every shard. */
const disorder = {
  HW_GENERATOR_SERIES: '200',
  HW_GENERATOR_RATE: '800',
  HW_GENERATOR_ROUNDS: '50',
  HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
  HW_GENERATOR_PERCENT_LATE: '20',
  HW_GENERATOR_LATE_TIME_SECONDS: '5',
  HW_GENERATOR_LATE_PER_POINT: 'true',
  HW_GENERATOR_DUPLICATE_PERCENT: '5',
  HW_GENERATOR_RANDOM_PARTITION_KEYS: 'true',
};

// Goal: real processes over sockets end with exactly the rows that the raw stream makes. Method: the
// local stack with windows of seconds; the whole table is read back with the AWS SDK and compared
// with rows recomputed from the raw stream by other code. Services subscribe in one run, and poll in the
// other.
const engines: readonly Engine[] = ['timestream', 'postgres'];

describe.each(engines)('the pipeline on %s, end to end', (engine) => {
  it('stores every raw point and every corrected average, and nothing else', async () => {
    await using pipeline = await startPipeline({ generator: disorder, read: 'fan-out', engine });
    await generatorIsDone(pipeline);
    await expectSettledRows(pipeline);
    // Of the stream's order alone; how many rows were already stored by then is up to the machine.
    const { refined = 0 } = await pipeline.metric('aggregator', 'aggregator_late_points_total');
    expect(refined, 'late points that were taken into their windows').toBeGreaterThan(0);
  });

  it('ends with the same rows when each service is killed and restarted', async () => {
    const random = new SeededRandom(process.env['HW_SIM_SEED'] ?? 'kill');
    await using pipeline = await startPipeline({ generator: disorder, engine });
    for (const name of ['aggregator', 'upsert-writer', 'raw-writer']) {
      await systemClock.sleep(random.int(500, 3_000));
      const { signal } = await pipeline.stack.kill(name, 'SIGKILL');
      expect(signal).toBe('SIGKILL');
      await pipeline.stack.restart(name);
    }
    await generatorIsDone(pipeline);
    await expectSettledRows(pipeline);
  });

  it('ends with the same rows when the store is killed and restarted', async () => {
    await using pipeline = await startPipeline({ generator: disorder, engine });
    await rowsAreStored(pipeline);
    await pipeline.killStore();
    for (const writer of ['raw-writer', 'upsert-writer']) {
      const retries = await until(
        () => pipeline.metric(writer, 'sink_retries_total'),
        (counts) => sumOf(counts) >= retriesMin,
      );
      expect(sumOf(retries), `retries of ${writer}`).toBeGreaterThanOrEqual(retriesMin);
    }
    await pipeline.restartStore();
    await generatorIsDone(pipeline);
    await expectSettledRows(pipeline);
  });
});

describe('the pipeline, end to end', () => {
  // The servers end before the services have drained, so records that were not accepted must be
  // read again.
  it('ends with the same rows when everything is stopped at once and restarted', async () => {
    await using pipeline = await startPipeline({ generator: disorder });
    const { stack } = pipeline;
    await rowsAreStored(pipeline);
    const names = stack.services.map(({ name }) => name);
    await Promise.all(names.map((name) => stack.kill(name, 'SIGTERM')));
    for (const name of names) await stack.restart(name);
    await generatorIsDone(pipeline);
    await expectSettledRows(pipeline);
  });
});

/** So many that the store was away for longer than a moment. */
const retriesMin = 6;

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** There are rows that an interruption can make wrong. */
async function rowsAreStored(pipeline: LocalPipeline): Promise<void> {
  const { created = 0 } = await until(
    () => pipeline.metric('upsert-writer', 'upsert_writer_rows_total'),
    (rows) => (rows['created'] ?? 0) > 0,
  );
  expect(created, 'rows stored before the interruption').toBeGreaterThan(0);
}

/** Every round is in the stream, because the generator says that it has ended. */
async function generatorIsDone({ stack }: LocalPipeline): Promise<void> {
  const log = await until(
    () => readFile(join(stack.dataDirectory, 'logs', 'generator.log'), 'utf8'),
    (text) => text.includes('"Sending has ended."'),
  );
  expect(log).toContain(`"rounds":${disorder.HW_GENERATOR_ROUNDS}`);
}

async function expectSettledRows(pipeline: LocalPipeline): Promise<void> {
  const expected = expectedRows(await pipeline.rawShards());
  expect(averagesCount(expected)).toBeGreaterThan(500);
  const text = (rows: ReadonlyMap<string, string>) => JSON.stringify([...rows]);
  const stored = await until(
    () => pipeline.storedRows(),
    (rows) => rows.size === expected.size && text(rows) === text(expected),
  );
  expect(stored.size).toBe(expected.size);
  const wrong = [...expected].filter(([key, value]) => stored.get(key) !== value);
  expect(wrong.slice(0, 5)).toEqual([]);
}
