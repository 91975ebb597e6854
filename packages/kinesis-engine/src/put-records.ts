import type { OutgoingRecord, SequenceNumber } from '@highwater/model';
import { hashKeyToHex, hashPartitionKey, parseHashKey } from './hash-key.ts';
import type { MemoryShard } from './memory-shard.ts';
import type { MemoryStream } from './memory-stream.ts';
import { ServiceException } from './service-exception.ts';

/** The result of one record of a put. */
export type PutResult =
  | { readonly ok: true; readonly shardId: string; readonly sequenceNumber: SequenceNumber }
  | { readonly ok: false; readonly errorCode: string; readonly errorMessage: string };

/** All records of one request, with their keys: 10 MiB. */
const requestBytesMax = 10 * 1024 * 1024;

/** What a put needs besides the stream. */
export interface PutContext {
  readonly accountId: string;
  readonly nowMs: number;
  readonly memoryBytesMax: number;
}

/**
 * Puts each record into the shard of its key. A record that exceeds a limit does not affect the
 * others, and neither does a shard whose storage currently fails. Resolves when the accepted
 * records are durable.
 *
 * @throws {ServiceException} for a request that the service rejects as a whole; InternalFailure
 * when no record could be stored
 */
export async function putRecords(
  stream: MemoryStream,
  records: readonly OutgoingRecord[],
  context: PutContext,
): Promise<readonly PutResult[]> {
  checkSizes(stream, records);
  const isSpread = stream.settings.distribution === 'AUTO';
  // Finds all shards before any append, because one bad hash key rejects the whole request.
  const shards = records.map((record) =>
    isSpread ? stream.nextOpenShard() : stream.route(hashOf(record)),
  );
  const touched = new Set<MemoryShard>();
  const results = records.map((record, i): PutResult => {
    const shard = shards[i] as MemoryShard;
    touched.add(shard);
    return putOne(record, shard, stream, context);
  });
  const failures = await commitAll(touched);
  if (failures.size === 0) return results;
  const isKept = (i: number) => results[i]?.ok === true && !failures.has(shards[i] as MemoryShard);
  const [first] = failures.values();
  if (!results.some((_, i) => isKept(i))) throw first;
  return results.map((result, i) => {
    const failure = failures.get(shards[i] as MemoryShard);
    if (!result.ok || failure === undefined) return result;
    return { ok: false, errorCode: failure.exception, errorMessage: failure.message };
  });
}

/**
 * Resolves when the records put into the shards are durable.
 *
 * @returns the shards that could not store them, and why
 */
async function commitAll(
  shards: ReadonlySet<MemoryShard>,
): Promise<ReadonlyMap<MemoryShard, ServiceException>> {
  const failures = new Map<MemoryShard, ServiceException>();
  await Promise.all(
    Array.from(shards, async (shard) => {
      try {
        await shard.log.commit();
        shard.notify();
      } catch (error) {
        if (!(error instanceof ServiceException)) throw error;
        failures.set(shard, error);
      }
    }),
  );
  return failures;
}

function putOne(
  record: OutgoingRecord,
  shard: MemoryShard,
  stream: MemoryStream,
  { accountId, nowMs, memoryBytesMax }: PutContext,
): PutResult {
  const { shardId } = shard;
  const { partitionKey, data } = record;
  const where = `shard ${shardId} in stream ${stream.streamName} under account ${accountId}`;
  if (shard.limits?.takeWrite(recordBytes(record), nowMs) === false) {
    return refused(`Rate exceeded for ${where}.`);
  }
  const index = shard.log.append({ arrivalMs: nowMs, partitionKey, data });
  if (index === undefined) {
    return refused(
      `No memory for ${where}: the bound of ${memoryBytesMax} bytes is reached. Raise it, shorten the retention, or keep records in files.`,
    );
  }
  return { ok: true, shardId, sequenceNumber: shard.minter.of(index, nowMs) };
}

function refused(errorMessage: string): PutResult {
  return { ok: false, errorCode: 'ProvisionedThroughputExceededException', errorMessage };
}

function checkSizes(stream: MemoryStream, records: readonly OutgoingRecord[]): void {
  const { recordBytesMax } = stream.settings;
  let sumBytes = 0;
  for (const record of records) {
    const bytes = recordBytes(record);
    sumBytes += bytes;
    if (bytes > recordBytesMax) {
      throw new ServiceException(
        'InvalidArgumentException',
        `A record of ${bytes} bytes, partition key included, exceeds the ${recordBytesMax} bytes of stream ${stream.streamName}.`,
      );
    }
  }
  if (sumBytes > requestBytesMax) {
    throw new ServiceException('InvalidArgumentException', 'Records size exceeds 10 MB limit');
  }
}

/** The size that the service's limits refer to. */
function recordBytes({ partitionKey, data }: OutgoingRecord): number {
  return data.length + Buffer.byteLength(partitionKey);
}

function hashOf(record: OutgoingRecord): string {
  if (record.explicitHashKey === undefined) return hashPartitionKey(record.partitionKey);
  const hashKey = parseHashKey(record.explicitHashKey);
  if (hashKey === undefined) {
    throw new ServiceException(
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${record.explicitHashKey}`,
    );
  }
  return hashKeyToHex(hashKey);
}
