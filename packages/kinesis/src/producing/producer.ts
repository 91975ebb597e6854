import { retry, Slots, type Backoff } from '@highwater/flow';
import type { Clock, Logger, OutgoingRecord } from '@highwater/model';
import { KinesisError, PutTimeoutError, RecordTooLargeError } from '../errors.ts';
import type { KinesisApi, PutResult } from '../api/kinesis-api.ts';
import type { ProducerMetrics } from './producer-metrics.ts';
import { putBatches, recordBytes, recordBytesMax } from './put-batches.ts';

/** The dependencies of a producer. */
export interface ProducerOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ProducerMetrics;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Concurrent PutRecords calls, over all `put`s. @default 8 */
  readonly inFlightMax?: number | undefined;
  /** How long `put` may retry one batch before it fails. @default 120000 */
  readonly deadlineMs?: number | undefined;
}

/** Puts records on one stream. */
export interface Producer {
  /**
   * Resolves when the stream has accepted every record, in full batches, several concurrently.
   *
   * Order is not kept. A record whose reply was lost is sent again, so consumers may see it twice.
   *
   * @throws {RecordTooLargeError} before anything is sent
   * @throws {PutTimeoutError} when entries were still rejected at the deadline
   * @throws the signal's reason when it aborts first
   */
  put(records: readonly OutgoingRecord[], signal: AbortSignal): Promise<void>;
}

const backoff: Backoff = { delayMsMin: 50, delayMsMax: 5_000 };

/** Creates a producer. It has no buffer, so there is nothing to close. */
export function createProducer(options: ProducerOptions): Producer {
  const slots = new Slots(options.inFlightMax ?? 8);
  return {
    async put(records, signal) {
      const tooLarge = records.find((record) => recordBytes(record) > recordBytesMax);
      if (tooLarge) throw new RecordTooLargeError(recordBytes(tooLarge), recordBytesMax);
      const abort = new AbortController();
      const anySignal = AbortSignal.any([signal, abort.signal]);
      const sending = putBatches(records).map(async (batch) => {
        try {
          await slots.run(() => putBatch(batch, options, anySignal), anySignal);
        } catch (error) {
          abort.abort(error);
          throw error;
        }
      });
      // All have settled before the first failure is passed on, so nothing is left running.
      const failed = (await Promise.allSettled(sending)).find(
        ({ status }) => status === 'rejected',
      );
      if (failed) throw (failed as PromiseRejectedResult).reason;
    },
  };
}

/** Entries of a call that were rejected. The rest of the batch is stored. */
class EntriesRefused extends Error {
  override readonly name = 'EntriesRefused';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

async function putBatch(
  batch: readonly OutgoingRecord[],
  options: ProducerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, metrics, random, stream, deadlineMs = 120_000 } = options;
  const startMs = clock.monotonicMs();
  let pending = batch;
  const putPending = async () => {
    const { failed, code } = await attemptPut(pending, options, signal);
    metrics.recordsSent.inc(pending.length - failed.length);
    pending = failed;
    if (failed.length > 0) throw new EntriesRefused(code);
  };
  await retry(putPending, {
    clock,
    signal,
    random,
    giveUpAfterMs: deadlineMs,
    backoffFor: (error) => (error instanceof EntriesRefused ? backoff : undefined),
    giveUp: (error, { elapsedMs }) =>
      new PutTimeoutError(stream, pending.length, elapsedMs, (error as EntriesRefused).code),
    onRetry: (error, { count }) => {
      const { code } = error as EntriesRefused;
      metrics.putRetries.inc({ code }, pending.length);
      const fields = { stream, failures: count, recordsCount: pending.length, code };
      log.debug(fields, 'Sending records again.');
    },
  });
  metrics.putDuration.observe((clock.monotonicMs() - startMs) / 1000);
}

/** One call. Its failed entries, and the error that most of them have, are returned as a value. */
async function attemptPut(
  records: readonly OutgoingRecord[],
  { api, stream }: ProducerOptions,
  signal: AbortSignal,
): Promise<{ failed: readonly OutgoingRecord[]; code: string }> {
  let results: readonly PutResult[];
  try {
    results = await api.putRecords(stream, records, signal);
  } catch (error) {
    // After a lost reply or a 5xx, the records may be stored. Sending them again is the safe
    // choice.
    if (error instanceof KinesisError && error.retry === 'backoff') {
      return { failed: records, code: error.exception };
    }
    throw error;
  }
  const failed = records.filter((_, index) => results[index]?.ok !== true);
  const first = results.find((result) => !result.ok);
  return { failed, code: first && !first.ok ? first.errorCode : 'none' };
}
