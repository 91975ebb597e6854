import {
  createSdkKinesisApi,
  type KinesisApi,
  type KinesisError,
  type StreamSummary,
} from '@highwater/kinesis';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';

/** How a stream is used. */
export interface StreamUse {
  readonly stream: string;
  readonly isRead: boolean;
  readonly isPutTo: boolean;
}

/** One more than the largest hash key. No shard has it, so a record with it is always rejected. */
const noHashKey = (2n ** 128n).toString();

/** Checks whether a stream exists and can be read and put to. Changes nothing. */
export async function checkStream(
  config: DoctorConfig,
  { stream, isRead, isPutTo }: StreamUse,
): Promise<readonly Finding[]> {
  const endpoint = config.AWS_ENDPOINT_URL_KINESIS;
  using api = createSdkKinesisApi({ region: config.AWS_REGION, endpoint });
  const server = { variable: 'AWS_ENDPOINT_URL_KINESIS', url: endpoint };
  const what = `stream ${stream}`;
  const attempt: Try = async (name, call) => {
    try {
      return { value: await call() };
    } catch (error) {
      const resource = `arn:aws:kinesis:${config.AWS_REGION}:*:stream/${stream}`;
      const ifMissing = `create it: aws kinesis create-stream --stream-name ${stream}`;
      const action = `kinesis:${name}`;
      const tried = { what, action, resource, endpoint: server, ifMissing };
      return { finding: explainFailure(error, tried) };
    }
  };
  const described = await attempt('DescribeStreamSummary', () => api.describe(stream));
  if (described.finding) return [described.finding];
  const refused = [
    ...(isRead ? await tryReading(api, stream, attempt, config.HW_KINESIS_READ) : []),
    ...(isPutTo ? await tryPutting(api, stream, attempt) : []),
  ];
  return refused.length > 0 ? refused : [judge(what, described.value, { isRead, isPutTo })];
}

type Tried<T> = { readonly value: T; readonly finding?: never } | { readonly finding: Finding };
type Try = <T>(action: string, call: () => Promise<T>) => Promise<Tried<T>>;

/**
 * One read of one shard at its tip, which uses one of its five reads a second. Fan-out has a
 * separate check.
 */
async function tryReading(
  api: KinesisApi,
  stream: string,
  attempt: Try,
  how: DoctorConfig['HW_KINESIS_READ'],
): Promise<readonly Finding[]> {
  const listed = await attempt('ListShards', () => api.listShards(stream));
  if (listed.finding) return [listed.finding];
  const open = listed.value.find(({ endingSequenceNumber }) => endingSequenceNumber === undefined);
  if (!open || how === 'fan-out') return [];
  const position = { stream, shardId: open.shardId, position: { type: 'LATEST' } } as const;
  const found = await attempt('GetShardIterator', () => api.getIterator(position));
  if (found.finding) return [found.finding];
  const iterator = found.value;
  const read = await attempt('GetRecords', () => api.getRecords({ iterator, limit: 1 }));
  return read.finding ? [read.finding] : [];
}

/**
 * Puts a record that no stream can accept, so that the answer only shows whether putting is
 * permitted.
 */
async function tryPutting(
  api: KinesisApi,
  stream: string,
  attempt: Try,
): Promise<readonly Finding[]> {
  const record = { partitionKey: 'doctor', explicitHashKey: noHashKey, data: new Uint8Array() };
  const put = await attempt('PutRecords', async () => {
    try {
      await api.putRecords(stream, [record]);
    } catch (error) {
      if ((error as KinesisError).exception !== 'InvalidArgumentException') throw error;
    }
  });
  return put.finding ? [put.finding] : [];
}

function judge(
  what: string,
  { status, openShardsCount, retentionHours }: StreamSummary,
  { isRead, isPutTo }: Pick<StreamUse, 'isRead' | 'isPutTo'>,
): Finding {
  const can = [isRead ? ['read'] : [], isPutTo ? ['written'] : []].flat().join(' and ');
  const shards = openShardsCount === 1 ? '1 open shard' : `${openShardsCount} open shards`;
  const found = `${status}, ${shards}, retention ${retentionHours} h, can be ${can}`;
  if (status === 'ACTIVE' || status === 'UPDATING') return { what, verdict: 'ok', found };
  const fix =
    status === 'CREATING'
      ? 'wait until it is ACTIVE'
      : 'wait until the stream is deleted, then create it again';
  return { what, verdict: 'warn', found, fix };
}
