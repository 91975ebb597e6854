import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { createSdkKinesisApi } from '@highwater/kinesis';
import { expect } from 'vitest';
import { expectedRows, storedRows } from '../end-to-end/local-pipeline.ts';
import { readShard } from '../read-shard.ts';
import { compose } from './compose.ts';
import { addressOf } from './containers.ts';

const region = 'us-east-1';
const stream = 'highwater-raw';

/** What `views.yml` and the default of the aggregator say. */
const view = { sizeMs: 10_000, allowedLatenessMs: 30_000, outOfOrdernessMs: 3_000 };

/** Rows that are missing, wrong or too many, and how many there should be. */
export interface Difference {
  readonly expectedCount: number;
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
    // Until it is ready: what has begun only just now is not there to be stopped cleanly yet.
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
  const names = new Set([...expected.keys(), ...stored.keys()]);
  const wrong = [...names].filter((name) => expected.get(name) !== stored.get(name));
  const shown = wrong
    .slice(0, 5)
    .map((name) => `${name}: ${stored.get(name)} instead of ${expected.get(name)}`);
  const more = wrong.length > shown.length ? [`${wrong.length} in all`] : [];
  return { expectedCount: expected.size, wrong: [...shown, ...more] };
}

/** Every row of the table, read by the AWS SDK. */
export async function rowsOfStore(): Promise<ReadonlyMap<string, string>> {
  const client = new TimestreamQueryClient({
    region,
    endpoint: await addressOf('timestream-local', 8787),
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    return await storedRows(client);
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
