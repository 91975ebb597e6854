import { Slots } from '@highwater/flow';
import type { Row, RowOutcome, Store } from '@highwater/model';
import { coalesceRows, followerOutcome } from './coalesce-rows.ts';
import { DimensionSets } from './dimension-sets.ts';
import { planRequests } from './plan-requests.ts';
import { prepareRow, type PreparedRow } from './prepared-row.ts';
import type { CallContext } from './retry.ts';
import { writeRequest, type Settle } from './write-request.ts';

/**
 * Rows in a Timestream table. Safe to call concurrently: all calls share one limit on requests in
 * flight. Dispose it after the last `write` has settled.
 */
export class TimestreamStore implements Store, AsyncDisposable {
  readonly #context: CallContext;
  readonly #slots: Slots;

  constructor(context: CallContext, requestsInFlightMax: number) {
    this.#context = context;
    this.#slots = new Slots(requestsInFlightMax);
  }

  async write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    signal.throwIfAborted();
    const outcomes: (RowOutcome | undefined)[] = Array.from({ length: rows.length });
    const settle: Settle = ({ index }, outcome) => (outcomes[index] = outcome);

    const sets = new DimensionSets();
    let pending: readonly PreparedRow[] = rows.flatMap((row, index) => {
      const preparation = prepareRow(row, index, sets);
      if (preparation.ok) return [preparation.prepared];
      outcomes[index] = { status: 'rejected', ...preparation.refusal };
      return [];
    });
    // A second round is needed only for rows whose leader was rejected: their own version may be
    // accepted.
    while (pending.length > 0) {
      const contenders = coalesceRows(pending);
      await this.#writeAll(
        contenders.map(({ leader }) => leader),
        settle,
        signal,
      );
      pending = contenders.flatMap(({ leader, followers }) =>
        followers.filter((follower) => {
          const outcome = followerOutcome(follower, leader, settled(outcomes[leader.index]));
          if (outcome) settle(follower, outcome);
          return !outcome;
        }),
      );
    }
    return outcomes.map((outcome) => this.#count(settled(outcome)));
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

  #count(outcome: RowOutcome): RowOutcome {
    const { metrics } = this.#context;
    switch (outcome.status) {
      case 'written':
        metrics.written.inc();
        break;
      case 'already_newer':
        metrics.alreadyNewer.inc();
        break;
      case 'rejected':
        metrics.rejected.inc({ reason: outcome.reason });
        break;
    }
    return outcome;
  }
}

function settled(outcome: RowOutcome | undefined): RowOutcome {
  if (!outcome) throw new Error('a row was left without an outcome');
  return outcome;
}
