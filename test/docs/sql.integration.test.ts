import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { paginateQuery, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPipeline, until, type LocalPipeline } from '../end-to-end/local-pipeline.ts';
import { codeBlocks, root } from './code-blocks.ts';

const run = promisify(execFile);
const pathOf = (path: string) => fileURLToPath(new URL(path, root));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const region = 'us-east-1';

/** The views of the local stack, with more lateness for a busy machine, and one that fills gaps. */
const views = `views:
  - name: five-minute-average
    window: { tumbling: 5m }
    allowedLateness: 10m
  - name: ten-second-average
    match: { measures: [temperature] }
    window: { tumbling: 10s }
    allowedLateness: 10m
    output: { measure: '{aggregate}10s_{measure}' }
  - name: pressure-without-gaps
    match: { measures: [pressure] }
    window: { tumbling: 1m }
    fill: { method: linear, maxGap: 10m }
    output: { measure: 'filled_{measure}' }
`;

const statements = codeBlocks('docs/read-results.md', 'sql');
let pipeline: LocalPipeline;
let query: TimestreamQueryClient;

async function put(points: readonly object[]): Promise<void> {
  const client = new KinesisClient({
    region,
    endpoint: pipeline.stack.kinesisUrl,
    credentials,
    requestHandler: new NodeHttpHandler(),
  });
  const Records = points.map((point) => ({
    PartitionKey: 'one',
    Data: new TextEncoder().encode(JSON.stringify(point)),
  }));
  const reply = await client.send(new PutRecordsCommand({ StreamName: 'highwater-raw', Records }));
  client.destroy();
  expect(reply.FailedRecordCount).toBe(0);
}

async function rowsOf(statement: string): Promise<readonly (readonly (string | undefined)[])[]> {
  const pages = paginateQuery({ client: query }, { QueryString: statement });
  const rows = [];
  for await (const { Rows = [] } of pages) {
    rows.push(...Rows.map(({ Data = [] }) => Data.map(({ ScalarValue }) => ScalarValue)));
  }
  return rows;
}

const countOf = async (measure: string, table = 'metrics') => {
  const measures = await rowsOf(`SHOW MEASURES FROM "highwater"."${table}"`);
  if (!measures.some(([name]) => name === measure)) return 0;
  const from = `FROM "highwater"."${table}" WHERE measure_name = '${measure}'`;
  const [[count] = []] = await rowsOf(`SELECT count(*) ${from}`);
  return Number(count);
};

beforeAll(async () => {
  pipeline = await startPipeline({ views });
  query = new TimestreamQueryClient({
    region,
    endpoint: pipeline.stack.timestreamUrl,
    credentials,
  });
  const file = pathOf('docs/examples/points.ndjson');
  await run(
    process.execPath,
    [pathOf('apps/generator/src/main.ts'), '--file', file, '--shift-times', 'true'],
    {
      env: {
        PATH: process.env['PATH'],
        AWS_ENDPOINT_URL_KINESIS: pipeline.stack.kinesisUrl,
        HW_HTTP_PORT: '0',
      },
    },
  );
  const nowMs = Date.now();
  const windowMs = Math.floor(nowMs / 10_000) * 10_000 - 20_000;
  const temperature = { MeasureName: 'temperature', sensor: '9', site: 'oslo' };
  const pressure = { MeasureName: 'pressure', site: 'oslo' };
  await put([
    { ...pressure, MeasureValue: 20, Time: nowMs - 240_000 },
    { ...pressure, MeasureValue: 23, Time: nowMs - 60_000 },
    { ...temperature, MeasureValue: 20, Time: windowMs + 2_000 },
    { ...temperature, MeasureValue: 21, Time: nowMs },
  ]);
  const isThere = (count: number) => count > 0;
  await until(
    async () =>
      rowsOf(
        `SELECT time FROM "highwater"."metrics" WHERE measure_name = 'avg10s_temperature' AND sensor = '9'`,
      ).catch(() => []),
    (rows) => rows.length > 0,
  );
  await put([{ ...temperature, MeasureValue: 23, Time: windowMs + 5_000 }]);
  await until(() => countOf('avg10s_temperature', 'corrections'), isThere);
  await until(
    () => countOf('filled_pressure'),
    (count) => count >= 4,
  );
  await until(() => countOf('avg_temperature'), isThere);
});
afterAll(async () => {
  query.destroy();
  await pipeline[Symbol.asyncDispose]();
});

describe('docs/read-results.md', () => {
  it.each(statements)('has a statement that returns rows: %s', async (statement) => {
    expect((await rowsOf(statement)).length).toBeGreaterThan(0);
  });

  it('shows how a value was known before it was corrected', async () => {
    const last = statements.findLast((statement) => statement.includes('as_known')) ?? '';
    const rows = await rowsOf(last);
    expect(rows.map(([, now, before]) => [now, before])).toContainEqual(['21.5', '20.0']);
  });

  it('lists all fields of a correction', async () => {
    const [[text = '{}'] = []] = await rowsOf(
      'SELECT measure_value::varchar FROM "highwater"."corrections"',
    );
    const page = codeBlocks('docs/read-results.md', 'text').join('\n');
    for (const field of Object.keys(JSON.parse(text) as object))
      expect(page).toContain(`"${field}"`);
  });
});
