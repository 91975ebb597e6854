import {
  filterShards,
  ServiceException,
  type MemoryStream,
  type ShardFilter,
} from '@highwater/kinesis-engine';
import { nextToken, shardId, streamReference } from '../request/common-members.ts';
import { integer, oneOf, required, structure, time, type ValueOf } from '../request/member.ts';
import { decodeToken, encodeToken } from '../request/page-token.ts';
import { describeShard } from './describe-shard.ts';
import { findStream } from './find-stream.ts';
import { operation, type OperationContext } from './operation.ts';

const request = structure({
  ...streamReference,
  NextToken: nextToken,
  ExclusiveStartShardId: shardId,
  MaxResults: integer(1, 10_000),
  StreamCreationTimestamp: time,
  ShardFilter: structure({
    Type: required(
      oneOf(
        'AFTER_SHARD_ID',
        'AT_TRIM_HORIZON',
        'FROM_TRIM_HORIZON',
        'AT_LATEST',
        'AT_TIMESTAMP',
        'FROM_TIMESTAMP',
      ),
    ),
    ShardId: shardId,
    Timestamp: time,
  }),
});

type Request = NonNullable<ValueOf<typeof request>>;

/** The position of a listing. */
interface Page {
  readonly streamName: string;
  readonly streamCreatedMs: number;
  readonly filter: ShardFilter;
  readonly after: string;
}

const pageMax = 1000;

/** ListShards: by name, ARN, or token, filtered, at most 1,000 shards per page. */
export const listShards = operation(request, (given, context) => {
  const nowMs = context.clock.nowMs();
  const page = given.NextToken === undefined ? firstPage(given, context) : tokenPage(given, nowMs);
  const stream = context.account.stream(page.streamName);
  checkCreation(stream, page.streamCreatedMs);
  const rest = filterShards(stream, page.filter, nowMs).filter(
    (shard) => shard.shardId > page.after,
  );
  const shards = rest.slice(0, Math.min(given.MaxResults ?? pageMax, pageMax));
  const after = shards.at(-1)?.shardId;
  return {
    Shards: shards.map(describeShard),
    NextToken: rest.length > shards.length ? encodeToken({ ...page, after }, nowMs) : undefined,
  };
});

function firstPage(given: Request, context: OperationContext): Page {
  const stream = findStream(given, context);
  const { StreamCreationTimestamp: createdMs, ExclusiveStartShardId: after = '' } = given;
  // Some clients send timestamps in whole seconds.
  if (createdMs !== undefined && Math.abs(createdMs - stream.createdMs) >= 1000) {
    checkCreation(stream, createdMs);
  }
  const { streamName, createdMs: streamCreatedMs } = stream;
  return { streamName, streamCreatedMs, after, filter: shardFilter(given.ShardFilter) };
}

function tokenPage(given: Request, nowMs: number): Page {
  for (const name of ['StreamName', 'StreamCreationTimestamp', 'ExclusiveStartShardId'] as const) {
    if (given[name] !== undefined) {
      throw invalid(`NextToken and ${name} cannot be provided together.`);
    }
  }
  return decodeToken(given.NextToken ?? '', nowMs) as unknown as Page;
}

function shardFilter(filter: Request['ShardFilter']): ShardFilter {
  if (filter === undefined) return { type: 'FROM_TRIM_HORIZON' };
  const { Type: type, ShardId: id, Timestamp: timestampMs } = filter;
  switch (type) {
    case 'AFTER_SHARD_ID':
      if (id === undefined) throw invalid('ShardId must be specified for AFTER_SHARD_ID.');
      return { type, shardId: id };
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP':
      if (timestampMs === undefined) throw invalid(`Timestamp must be specified for ${type}.`);
      return { type, timestampMs };
    case 'AT_LATEST':
    case 'AT_TRIM_HORIZON':
    case 'FROM_TRIM_HORIZON':
      return { type };
  }
}

function checkCreation(stream: MemoryStream, createdMs: number): void {
  if (createdMs === stream.createdMs) return;
  throw new ServiceException(
    'ResourceNotFoundException',
    `Stream ${stream.streamName} created at ${createdMs} not found.`,
  );
}

function invalid(detail: string): ServiceException {
  return new ServiceException('InvalidArgumentException', detail);
}
