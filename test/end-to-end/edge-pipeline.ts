import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RefusedElements } from '@highwater/model';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPipeline, until } from './local-pipeline.ts';

/** A shard of the raw stream, by its place. */
export type Lane = 0 | 1 | 2 | 3;

/** The local stack has four shards of equal size: the first hash key of each. */
const hashKeysPerLane = 2n ** 126n;

export const windowMs = 4_000;

/**
 * A point is too late when it is more than 31 seconds behind the newest arrival, so that a slow
 * machine makes none late. Windows still fire as soon as their shard is idle.
 */
const views = `views:
  - name: average
    window: { tumbling: ${windowMs / 1000}s }
    allowedLateness: 30s
    aggregates: [avg, count]
  - name: whole
    match: { measures: [whole_*] }
    window: { tumbling: ${windowMs / 1000}s }
    allowedLateness: 30s
    aggregates: [min, max, first, last, sum]
`;

/** A row as SQL gives it, without what is NULL. */
export type SqlRow = Readonly<Record<string, string>>;

export interface Letter {
  readonly reason: string;
  readonly detail: string;
  readonly elements?: RefusedElements;
  /** Of its record. */
  readonly sequenceNumber: string;
}

/** A service that sets records aside. */
export type Reader = 'raw-writer' | 'aggregator' | 'upsert-writer';

/** The local stack with real clients: PutRecords, and SQL. */
export interface EdgePipeline extends AsyncDisposable {
  /** Puts records on one shard in their order. @returns their sequence numbers */
  put(lane: Lane, ...records: readonly string[]): Promise<readonly string[]>;
  /** The rows of a measure, oldest first, as soon as there are this many. */
  rows(measure: string, count: number): Promise<readonly SqlRow[]>;
  /** The rows of a measure, as soon as the newest ones of them have these values, sorted. */
  values(measure: string, wanted: readonly string[]): Promise<readonly string[]>;
  /** The matching dead letters of a service, as soon as there are any. */
  letters(service: Reader, isWanted: (letter: Letter) => boolean): Promise<readonly Letter[]>;
}

export async function startEdgePipeline(): Promise<EdgePipeline> {
  const pipeline = await startPipeline({ views });
  const { kinesisUrl, timestreamUrl, dataDirectory } = pipeline.stack;
  const region = 'us-east-1';
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const requestHandler = new NodeHttpHandler();
  const kinesis = new KinesisClient({ region, endpoint: kinesisUrl, credentials, requestHandler });
  const timestream = new TimestreamQueryClient({ region, endpoint: timestreamUrl, credentials });

  const rowsNow = async (measure: string): Promise<readonly SqlRow[]> => {
    const QueryString = `SELECT * FROM "highwater"."metrics" WHERE measure_name = '${measure}' ORDER BY time`;
    const { ColumnInfo = [], Rows = [] } = await timestream.send(new QueryCommand({ QueryString }));
    return Rows.map(({ Data = [] }) =>
      Object.fromEntries(
        Data.flatMap(({ ScalarValue }, at) =>
          ScalarValue === undefined ? [] : [[ColumnInfo[at]?.Name ?? '', ScalarValue]],
        ),
      ),
    );
  };
  const lettersNow = async (service: Reader): Promise<readonly Letter[]> => {
    const file = join(dataDirectory, 'dead-letters', `${service}.ndjson`);
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Letter);
  };

  return {
    async put(lane, ...records) {
      const reply = await kinesis.send(
        new PutRecordsCommand({
          StreamName: 'highwater-raw',
          Records: records.map((record) => ({
            PartitionKey: 'edge',
            ExplicitHashKey: String(BigInt(lane) * hashKeysPerLane),
            Data: new TextEncoder().encode(record),
          })),
        }),
      );
      if (reply.FailedRecordCount !== 0) throw new Error('putting records: some were refused');
      return (reply.Records ?? []).map(({ SequenceNumber = '' }) => SequenceNumber);
    },
    rows: (measure, count) =>
      until(
        () => rowsNow(measure),
        (rows) => rows.length >= count,
      ),
    values: (measure, wanted) =>
      until(
        async () => (await rowsNow(measure)).map(valueOf).toSorted(),
        (values) => values.join() === wanted.toSorted().join(),
      ),
    letters: (service, isWanted) =>
      until(
        async () => (await lettersNow(service)).filter(isWanted),
        (letters) => letters.length > 0,
      ),
    async [Symbol.asyncDispose]() {
      kinesis.destroy();
      timestream.destroy();
      await pipeline[Symbol.asyncDispose]();
    },
  };
}

/** Its type and its value: `bigint 5`, `double 5.0`. */
export function valueOf(row: SqlRow): string {
  const [name, value] =
    Object.entries(row).find(([each]) => each.startsWith('measure_value::')) ?? [];
  return `${name?.slice('measure_value::'.length)} ${value}`;
}
