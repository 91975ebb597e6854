import type { FaultPlan } from './fault-plan.ts';

/** What disturbs a subscription. */
export interface DisturbEventsOptions {
  readonly plan: FaultPlan;
  /** Aborts when the client has left: until then a subscription that is stalled is silent. */
  readonly clientGone: AbortSignal;
  /** The error that a broken connection shows itself by. */
  readonly cut: () => Error;
}

/** A subscription's events under a plan of faults, which may end, stall or break it after any. */
export async function* disturbEvents<T>(
  events: AsyncIterable<T>,
  { plan, clientGone, cut }: DisturbEventsOptions,
): AsyncGenerator<T, void, undefined> {
  for await (const event of events) {
    yield event;
    switch (plan.nextSubscriptionFault()) {
      case 'end':
        return;
      case 'cut':
        throw cut();
      case 'stall':
        await aborted(clientGone);
        return;
      case 'none':
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
