import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { encodeAggregate } from '@highwater/testkit';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startPipeline, until, type LocalPipeline } from './local-pipeline.ts';

const run = promisify(execFile);
const generatorMain = new URL('../../apps/generator/src/main.ts', import.meta.url).pathname;

/** Two points of one window of four seconds, well in the past second. */
function points(measure: string, readings: readonly number[]) {
  const startMs = Math.floor(Date.now() / 4_000) * 4_000;
  return readings.map((value, index) => ({
    MeasureName: measure,
    MeasureValue: value,
    Time: startMs + index,
    sensor: '7',
  }));
}

async function putWithSdk(pipeline: LocalPipeline, records: readonly Uint8Array[]): Promise<void> {
  const client = new KinesisClient({
    region: 'us-east-1',
    endpoint: pipeline.stack.kinesisUrl,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: new NodeHttpHandler(),
  });
  const reply = await client.send(
    new PutRecordsCommand({
      StreamName: 'highwater-raw',
      Records: records.map((Data) => ({ PartitionKey: 'sensor-7', Data })),
    }),
  );
  client.destroy();
  expect(reply.FailedRecordCount).toBe(0);
}

/** The stored values whose identity names the measure. */
async function values(pipeline: LocalPipeline, measure: string): Promise<readonly string[]> {
  const rows = await pipeline.storedRows();
  return [...rows].filter(([key]) => key.includes(`${measure}|`)).map(([, value]) => value);
}

interface Letter {
  readonly reason: string;
  readonly payload: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber?: number;
}

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('own points', () => {
  // Goal: the ways to send points of docs/send-data.md work. Method: real clients against the
  // local stack: the generator with a file, PutRecords, and the timestream-query client.
  it('arrive from a file, from PutRecords, and in aggregates, and are read back with their average', async () => {
    await using pipeline = await startPipeline();
    const directory = await mkdtemp(join(tmpdir(), 'highwater-points-'));
    const file = join(directory, 'points.ndjson');
    const lines = points('from_file', [10, 20]).map((point) => JSON.stringify(point));
    await writeFile(file, lines.join('\n'));
    await run(process.execPath, [generatorMain, '--file', file], {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL_KINESIS: pipeline.stack.kinesisUrl,
        HW_HTTP_PORT: '0',
      },
    });
    await rm(directory, { recursive: true });
    await putWithSdk(pipeline, points('from_sdk', [1.5, 2]).map(encode));
    // As the Kinesis Producer Library packs them.
    const packed = points('from_kpl', [3, 5]).map((point, index) => ({
      partitionKey: `sensor-${index}`,
      data: encode(point),
    }));
    await putWithSdk(pipeline, [encodeAggregate(packed)]);

    const fromFile = await until(
      () => values(pipeline, 'from_file'),
      (stored) => stored.length === 3,
    );
    expect(fromFile.toSorted()).toEqual(['10', '15', '20']);
    const fromSdk = await until(
      () => values(pipeline, 'from_sdk'),
      (stored) => stored.length === 3,
    );
    expect(fromSdk.toSorted()).toEqual(['1.5', '1.75', '2']);
    const fromKpl = await until(
      () => values(pipeline, 'from_kpl'),
      (stored) => stored.length === 3,
    );
    expect(fromKpl.toSorted()).toEqual(['3', '4', '5']);
  });

  // Goal: nothing bad stops the stream or disappears. Method: one record of each kind of bad input
  // between good points; reasons from the files of dead letters, counts from the metrics.
  it('that cannot be used end in the dead letters, and every point is counted once', async () => {
    await using pipeline = await startPipeline();
    const [good] = points('good', [1]);
    const bad: readonly [reason: string, record: Uint8Array][] = [
      ['not_json', encode('{"MeasureName"')],
      ['not_utf8', Uint8Array.of(0xff, 0xfe)],
      ['measure_name_missing', encode({ ...good, MeasureName: null })],
      ['time_missing', encode({ ...good, Time: null })],
      ['measure_type_unknown', encode({ ...good, MeasureValueType: 'FLOAT' })],
      ['time_unit_unknown', encode({ ...good, TimeUnit: 'WEEKS' })],
      ['measure_value_invalid', encode({ ...good, MeasureValue: 'NaN' })],
      ['too_large', encode({ ...good, MeasureValue: '1'.repeat(1_000_000) })],
      [
        'dimensions_too_many',
        encode({
          ...good,
          ...Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`d${i}`, 'x'])),
        }),
      ],
    ];
    const [left, right] = points('packed', [2, 4]);
    const packed = [encode(left), encode('not a point'), encode(right)].map((data, index) => ({
      partitionKey: `sensor-${index}`,
      data,
    }));
    const future = encode({ ...good, MeasureName: 'future', Time: Date.now() + 86_400_000 });
    const records = [...bad.map(([, record]) => record), future, encodeAggregate(packed)];
    await putWithSdk(pipeline, [...records, encode(good)]);

    const stored = await until(
      () => values(pipeline, 'good'),
      (rows) => rows.length === 2,
    );
    expect(stored).toEqual(['1', '1']);
    // The good ones beside a bad one in an aggregate.
    const besides = await until(
      () => values(pipeline, 'packed'),
      (rows) => rows.length === 3,
    );
    expect(besides.toSorted()).toEqual(['2', '3', '4']);
    const reasons = bad.map(([reason]) => reason);
    for (const service of ['raw-writer', 'aggregator'] as const) {
      const counted = await until(
        () => pipeline.metric(service, `${service.replace('-', '_')}_points_total`),
        (counts) => sumOf(counts) >= bad.length + 2 + packed.length,
      );
      expect(sumOf(counted), `points that ${service} read`).toBe(bad.length + 2 + packed.length);
      expect(counted['dead_lettered']).toBe(bad.length + 2);
      const file = join(pipeline.stack.dataDirectory, 'dead-letters', `${service}.ndjson`);
      const letters = (await readFile(file, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Letter);
      expect(letters.map(({ reason }) => reason).toSorted()).toEqual(
        [...reasons, 'not_json', 'future'].toSorted(),
      );
      const json = letters.find(({ reason }) => reason === 'not_json');
      expect(Buffer.from(json?.payload ?? '', 'base64').toString()).toBe('{"MeasureName"');
      const inAggregate = letters.filter((letter) => letter.subSequenceNumber !== undefined);
      expect(inAggregate).toMatchObject([
        {
          subSequenceNumber: 1,
          reason: 'not_json',
          payload: Buffer.from('not a point').toString('base64'),
        },
      ]);
      const places = letters.map((each) => `${each.sequenceNumber}/${each.subSequenceNumber}`);
      expect(new Set(places).size).toBe(letters.length);
    }
  });
});
