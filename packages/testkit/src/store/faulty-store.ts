import {
  HighwaterError,
  type Clock,
  type Row,
  type RowOutcome,
  type Store,
} from '@highwater/model';
import type { FaultPlan } from '@highwater/kinesis-engine/faults';

/** The store was temporarily unavailable. The request may have been done in part. */
export class StoreUnavailableError extends HighwaterError {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'HW_TESTKIT_STORE_UNAVAILABLE';
  readonly domain = 'external';
  readonly retry = 'backoff';
}

/**
 * The store with the plan's faults. As the interface promises, throttling and lost replies are
 * retried inside and only cost time. A failure reaches the caller, whose rows may be partially
 * written. Rows of one call may take effect in any order, between the rows of other calls.
 */
export function faultyStore(store: Store, plan: FaultPlan, clock: Clock): Store {
  const writeInParts = async (rows: readonly Row[], signal: AbortSignal) => {
    const outcomes: RowOutcome[] = [];
    for (const [place, row] of plan.reorder([...rows.entries()])) {
      const delayMs = plan.nextDelayMs();
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      const [outcome] = await store.write([row], signal);
      outcomes[place] = outcome as RowOutcome;
    }
    return outcomes;
  };

  return {
    async write(rows, signal) {
      for (;;) {
        const fault = plan.nextFault();
        if (fault === 'fail') {
          const isDone = plan.nextRefused(rows.length);
          await writeInParts(
            rows.filter((_, i) => isDone[i]),
            signal,
          );
          throw new StoreUnavailableError(`writing ${rows.length} rows: the store failed`);
        }
        if (fault !== 'throttle' && fault !== 'cut') {
          const outcomes = await writeInParts(rows, signal);
          if (fault === 'none') return outcomes;
        }
        await clock.sleep(1 + plan.nextDelayMs(), signal);
      }
    },
  };
}
