import { Slots } from '@highwater/flow';
import type { OpenStore, Row, RowOutcome, StoreAbilities } from '@highwater/model';
import {
  writePrepared,
  type PreparedRow,
  type Settle,
  type WriteLeaders,
} from '@highwater/store-kit';
import { planRequests, requestRecordsMax } from './plan-requests.ts';
import type { CallContext } from './retry.ts';
import { writeRequest } from './write-request.ts';

/** A request holds at most 100 records; their size is bounded by the limits on one record. */
const timestreamAbilities: StoreAbilities = {
  keepsHighestVersion: 'on_write',
  detectsConflicts: true,
  refusesOldTimes: true,
  batchRowsMax: requestRecordsMax,
  batchBytesMax: requestRecordsMax * 4096,
};

/**
 * Rows in a Timestream table. Safe to call concurrently: all calls share one limit on requests in
 * flight. Dispose it after the last `write` has settled.
 */
export class TimestreamStore implements OpenStore {
  readonly abilities = timestreamAbilities;
  readonly #context: CallContext;
  readonly #slots: Slots;

  constructor(context: CallContext, requestsInFlightMax: number) {
    this.#context = context;
    this.#slots = new Slots(requestsInFlightMax);
  }

  write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    const { metrics } = this.#context;
    const writeLeaders: WriteLeaders = (leaders, settle, either) =>
      this.#writeAll(leaders, settle, either);
    return writePrepared(rows, { metrics, writeLeaders }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#context.api.close();
  }

  async #writeAll(rows: readonly PreparedRow[], settle: Settle, signal: AbortSignal) {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const results = await Promise.allSettled(
      planRequests(rows).map((request) =>
        this.#slots.run(async () => {
          either.throwIfAborted();
          await this.#writeOne(request, settle, either).catch((error: unknown) => {
            failed.abort(error);
            throw error;
          });
        }),
      ),
    );
    signal.throwIfAborted();
    failed.signal.throwIfAborted();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #writeOne(request: readonly PreparedRow[], settle: Settle, signal: AbortSignal) {
    const { clock, metrics } = this.#context;
    const startMs = clock.monotonicMs();
    metrics.requestsInFlight.inc();
    try {
      await writeRequest(this.#context, request, settle, signal);
    } finally {
      metrics.requestsInFlight.dec();
      metrics.writeDuration.observe((clock.monotonicMs() - startMs) / 1000);
    }
  }
}
