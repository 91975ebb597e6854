import { createSdkKinesisApi } from '@highwater/kinesis';
import { systemClock } from '@highwater/service';
import { SeededRandom } from '@highwater/testkit';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { readShard } from '../read-shard.ts';
import { referenceRows } from '../reference-rows.ts';

const run = promisify(execFile);
const generatorMain = new URL('../../apps/generator/src/main.ts', import.meta.url).pathname;
const stream = 'points';
const view = { sizeMs: 60_000, allowedLatenessMs: 60_000, outOfOrdernessMs: 3_000 };

interface Reading {
  readonly sensor: number;
  readonly Time: number;
  readonly MeasureValue: number;
}

/** An hour of twenty sensors. */
const readings: readonly Reading[] = Array.from({ length: 20 * 360 }, (_, index) => ({
  sensor: index % 20,
  Time: 1_700_000_000_000 + Math.floor(index / 20) * 10_000,
  MeasureValue: index % 97,
}));

const inOrder = (given: readonly Reading[]) => given;
const bySensor = (given: readonly Reading[]) => given.toSorted((a, b) => a.sensor - b.sensor);
const shuffled = (given: readonly Reading[]) => new SeededRandom('file').shuffle(given);

/** Sends a file with a generator, and gives the windows that come of its stream, and what it reported. */
async function send(given: readonly Reading[]) {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-file-'));
  await using server = await startKinesisLocal({ port: 0, transitionMs: 0 });
  using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: server.url });
  await api.create(stream, 3);
  while ((await api.describe(stream)).status !== 'ACTIVE') await systemClock.sleep(20);
  const file = join(directory, 'points.ndjson');
  const lines = given.map(({ sensor, ...rest }) =>
    JSON.stringify({ MeasureName: 'depth', ...rest, sensor: String(sensor) }),
  );
  await writeFile(file, lines.join('\n'));
  const { stdout } = await run(
    process.execPath,
    [generatorMain, '--stream', stream, '--file', file],
    {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL_KINESIS: server.url,
        HW_HTTP_PORT: '0',
      },
    },
  );
  await rm(directory, { recursive: true });
  const shards = await Promise.all(
    (await api.listShards(stream)).map(async ({ shardId, parentShardIds }) => ({
      shardId,
      parentShardIds,
      records: await readShard(api, stream, shardId),
    })),
  );
  const end = stdout.split('\n').find((line) => line.includes('"Sending has ended."')) ?? '{}';
  return {
    windows: [...referenceRows(shards, view)],
    report: JSON.parse(end) as Readonly<Record<string, unknown>>,
  };
}

// Goal: every window of a file is stored, however its lines are ordered. Method: the real
// generator, a real stream, and windows computed from a plain reading of its shards, where points
// that are too late are lost.
it.each([
  { order: 'in order of time', arrange: inOrder },
  { order: 'sorted by sensor', arrange: bySensor },
  { order: 'shuffled', arrange: shuffled },
])('a file that is $order gives every window, and no point late', async ({ arrange }) => {
  const { windows, report } = await send(arrange(readings));
  expect(report).toMatchObject({ points: readings.length, latePoints: 0, badLines: 0 });
  expect(windows).toEqual(expectedWindows());
});

/** The averages of each sensor's minutes. */
function expectedWindows() {
  const everything = Number.MAX_SAFE_INTEGER;
  const records = readings.map(({ sensor, ...rest }) => ({
    data: Buffer.from(JSON.stringify({ MeasureName: 'depth', ...rest, sensor: String(sensor) })),
    partitionKey: '',
    sequenceNumber: '0',
    arrivalTimeMs: Date.now(),
  }));
  const shard = { shardId: 'one', parentShardIds: [], records };
  const rows = [...referenceRows([shard], { ...view, allowedLatenessMs: everything })];
  expect(rows).toHaveLength(20 * 61);
  return rows;
}
