import type { Clock, Logger, OutgoingRecord } from '@highwater/model';
import { backoffDelayMs } from './backoff.ts';
import { KinesisError, PutTimeoutError, RecordTooLargeError } from './errors.ts';
import type { KinesisApi, PutResult } from './kinesis-api.ts';
import type { ProducerMetrics } from './producer-metrics.ts';
import { putBatches, recordBytes, recordBytesMax } from './put-batches.ts';

/** What a producer works with. */
export interface ProducerOptions {
  readonly api: KinesisApi;
  readonly stream: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ProducerMetrics;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** PutRecords calls under way at once, over all `put`s. @default 8 */
  readonly inFlightMax?: number | undefined;
  /** How long one batch may be retried before `put` gives up. @default 120000 */
  readonly deadlineMs?: number | undefined;
}

/** Puts records on one stream. */
export interface Producer {
  /**
   * Resolves when the stream has accepted every record, in full batches, several at a time.
   *
   * Order is not kept. A record whose reply was lost is sent again, so consumers may see it twice.
   *
   * @throws {RecordTooLargeError} before anything is sent
   * @throws {PutTimeoutError} when entries were still refused at the deadline
   * @throws the signal's reason when it aborts first
   */
  put(records: readonly OutgoingRecord[], signal: AbortSignal): Promise<void>;
}

const retryDelayMsMin = 50;
const retryDelayMsMax = 5_000;

/** Makes a producer. It holds no buffer, so there is nothing to close. */
export function createProducer(options: ProducerOptions): Producer {
  const { inFlightMax = 8 } = options;
  let inFlight = 0;
  const waiting: (() => void)[] = [];

  async function acquire(): Promise<void> {
    if (inFlight < inFlightMax) {
      inFlight += 1;
      return;
    }
    // The place is handed over by `release`, so the count stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else inFlight -= 1;
  }

  return {
    async put(records, signal) {
      const tooLarge = records.find((record) => recordBytes(record) > recordBytesMax);
      if (tooLarge) throw new RecordTooLargeError(recordBytes(tooLarge), recordBytesMax);
      const abort = new AbortController();
      const anySignal = AbortSignal.any([signal, abort.signal]);
      const sending = putBatches(records).map(async (batch) => {
        await acquire();
        try {
          await putBatch(batch, options, anySignal);
        } catch (error) {
          abort.abort(error);
          throw error;
        } finally {
          release();
        }
      });
      // All have settled before the first failure is passed on: nothing is left running.
      const failed = (await Promise.allSettled(sending)).find(
        ({ status }) => status === 'rejected',
      );
      if (failed) throw (failed as PromiseRejectedResult).reason;
    },
  };
}

async function putBatch(
  batch: readonly OutgoingRecord[],
  options: ProducerOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, metrics, random, stream, deadlineMs = 120_000 } = options;
  const startMs = clock.monotonicMs();
  let pending = batch;
  for (let attempt = 1; pending.length > 0; attempt++) {
    signal.throwIfAborted();
    const { failed, code } = await attemptPut(pending, options, signal);
    metrics.recordsSent.inc(pending.length - failed.length);
    pending = failed;
    if (pending.length === 0) break;
    metrics.putRetries.inc({ code }, pending.length);
    const elapsedMs = clock.monotonicMs() - startMs;
    if (elapsedMs > deadlineMs) throw new PutTimeoutError(stream, pending.length, elapsedMs, code);
    log.debug({ stream, attempt, recordsCount: pending.length, code }, 'Sending records again.');
    const backoff = { delayMsMin: retryDelayMsMin, delayMsMax: retryDelayMsMax, random };
    await clock.sleep(backoffDelayMs(attempt, backoff), signal);
  }
  metrics.putDuration.observe((clock.monotonicMs() - startMs) / 1000);
}

/** One call; its failed entries, and the error that most of them met, come back as a value. */
async function attemptPut(
  records: readonly OutgoingRecord[],
  { api, stream }: ProducerOptions,
  signal: AbortSignal,
): Promise<{ failed: readonly OutgoingRecord[]; code: string }> {
  let results: readonly PutResult[];
  try {
    results = await api.putRecords(stream, records, signal);
  } catch (error) {
    // A lost reply or a 5xx may have stored the records: sending them again is the safe side.
    if (error instanceof KinesisError && error.retry === 'backoff') {
      return { failed: records, code: error.exception };
    }
    throw error;
  }
  const failed = records.filter((_, index) => results[index]?.ok !== true);
  const first = results.find((result) => !result.ok);
  return { failed, code: first && !first.ok ? first.errorCode : 'none' };
}
