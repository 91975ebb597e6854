import { ServiceException, TokenBucket } from '@highwater/kinesis-engine';

/** The scope of a limit: all calls of the account, or calls that name the same resource. */
interface RateLimit {
  readonly perSecond: number;
  /** Members of the request that select the counter. */
  readonly by: readonly string[];
}

const perAccount = (perSecond: number): RateLimit => ({ perSecond, by: [] });

/**
 * Calls a second, according to the descriptions of the operations.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
 */
const rateLimits: Readonly<Record<string, RateLimit>> = {
  AddTagsToStream: perAccount(5),
  CreateStream: perAccount(5),
  DecreaseStreamRetentionPeriod: { perSecond: 5, by: ['StreamName', 'StreamARN'] },
  DeleteStream: perAccount(5),
  DeregisterStreamConsumer: { perSecond: 5, by: ['StreamARN', 'ConsumerARN'] },
  DescribeAccountSettings: perAccount(5),
  DescribeLimits: perAccount(1),
  DescribeStream: perAccount(10),
  DescribeStreamConsumer: { perSecond: 20, by: ['StreamARN', 'ConsumerARN'] },
  DescribeStreamSummary: perAccount(20),
  GetShardIterator: { perSecond: 5, by: ['StreamName', 'StreamARN', 'ShardId'] },
  IncreaseStreamRetentionPeriod: { perSecond: 5, by: ['StreamName', 'StreamARN'] },
  ListShards: { perSecond: 1000, by: ['StreamName', 'StreamARN'] },
  ListStreamConsumers: { perSecond: 5, by: ['StreamARN'] },
  ListStreams: perAccount(5),
  ListTagsForStream: perAccount(5),
  MergeShards: perAccount(5),
  RegisterStreamConsumer: perAccount(5),
  RemoveTagsFromStream: perAccount(5),
  SplitShard: perAccount(5),
  SubscribeToShard: { perSecond: 1, by: ['ConsumerARN', 'ShardId'] },
  UpdateAccountSettings: perAccount(5),
  UpdateShardCount: perAccount(10),
};

/** Counters are dropped when there are this many. Old ones have recovered anyway. */
const countsMax = 10_000;

/**
 * Longer than any name. A longer one, or a value that is not text, is rejected when the request is
 * read.
 */
const nameCharactersMax = 2048;

/** Counts calls against the rates that the service allows. */
export class RateLimits {
  readonly #counts = new Map<string, TokenBucket>();

  /** @throws {ServiceException} when the operation was called too often within the last second */
  take(operation: string, body: unknown, nowMs: number): void {
    const limit = rateLimits[operation];
    if (limit === undefined) return;
    const members = (body ?? {}) as Record<string, unknown>;
    const key = [operation, ...limit.by.map((name) => nameIn(members[name]))].join(' ');
    if (this.#counts.size > countsMax) this.#counts.clear();
    const count = this.#counts.get(key) ?? new TokenBucket(limit.perSecond, nowMs);
    this.#counts.set(key, count);
    if (!count.has(1, nowMs)) {
      throw new ServiceException(
        operation === 'GetShardIterator'
          ? 'ProvisionedThroughputExceededException'
          : 'LimitExceededException',
        `Rate exceeded for ${operation}: ${limit.perSecond} calls a second.`,
      );
    }
    count.take(1, nowMs);
  }
}

function nameIn(member: unknown): string {
  return typeof member === 'string' ? member.slice(0, nameCharactersMax) : '';
}
