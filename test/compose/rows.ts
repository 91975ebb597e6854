import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { createSdkKinesisApi } from '@highwater/kinesis';
import { expect } from 'vitest';
import { expectedRows } from '../end-to-end/local-pipeline.ts';
import { postgresRows, timestreamRows } from '../end-to-end/stored-rows.ts';
import { readShard } from '../read-shard.ts';
import { compose } from './compose.ts';
import { addressOf } from './containers.ts';
import { describeDifference } from './describe-difference.ts';
import { query } from './prometheus.ts';
import { testStore } from './test-store.ts';

const region = 'us-east-1';
const stream = 'highwater-raw';

/** The settings in `views.yml` and the default of the aggregator. */
const view = { sizeMs: 10_000, allowedLatenessMs: 30_000, outOfOrdernessMs: 3_000 };

/** Rows that are missing, wrong or too many, and how many there should be. */
export interface Difference {
  readonly expectedCount: number;
  /** In words, see `describeDifference`; with how far the readers are behind, if any row is wrong. */
  readonly wrong: readonly string[];
}

/**
 * Stops the generator, waits until the table holds exactly the rows that the raw stream makes, and
 * starts the generator again.
 */
export async function expectSettledRows(): Promise<void> {
  await compose('stop', 'generator');
  try {
    const settled = { expectedCount: expect.any(Number), wrong: [] };
    await expect.poll(compareRows, { timeout: 180_000, interval: 5_000 }).toEqual(settled);
  } finally {
    // Until it is ready, because a service that has just started cannot be stopped cleanly yet.
    await compose(
      'up',
      '--detach',
      '--wait',
      '--no-build',
      '--no-recreate',
      '--no-deps',
      'generator',
    );
  }
}

/** Compares the whole table with rows recomputed from the raw stream by other code. */
export async function compareRows(): Promise<Difference> {
  const [expected, stored] = [await rowsOfStream(), await rowsOfStore()];
  const wrong = describeDifference(expected, stored);
  const readers = wrong.length > 0 ? await readersStand() : [];
  return { expectedCount: expected.size, wrong: [...wrong, ...readers] };
}

/** Distinguishes rows that are not written yet from lost rows. */
async function readersStand(): Promise<readonly string[]> {
  const behind = await query('max by (job) (kinesis_behind_latest_max_seconds)').catch(() => []);
  return behind.map(({ labels, value }) => `${labels['job']} is ${value} s behind its stream`);
}

/** Every row of the store, read by its own client. */
export async function rowsOfStore(): Promise<ReadonlyMap<string, string>> {
  if (testStore.service === 'postgres') {
    const { hostname } = new URL(await addressOf('postgres', 5432));
    return postgresRows(`postgres://highwater_reader:highwater@${hostname}/highwater`);
  }
  const client = new TimestreamQueryClient({
    region,
    endpoint: await addressOf('timestream-local', 8787),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    return await timestreamRows(client);
  } finally {
    client.destroy();
  }
}

async function rowsOfStream(): Promise<ReadonlyMap<string, string>> {
  using kinesis = createSdkKinesisApi({
    region,
    endpoint: await addressOf('kinesis-local', 4567),
  });
  const shards = await kinesis.listShards(stream);
  const read = shards.map(async ({ shardId, parentShardIds }) => ({
    shardId,
    parentShardIds,
    records: await readShard(kinesis, stream, shardId),
  }));
  return expectedRows(await Promise.all(read), view);
}
