import type { FaultPlan } from './fault-plan.ts';

/** The source of disturbances of a subscription, and its end. */
export interface DisturbEventsOptions {
  readonly plan: FaultPlan;
  /** Aborts when the client has disconnected. Until then, a stalled subscription is silent. */
  readonly clientGone: AbortSignal;
  /** The error that a broken connection raises. */
  readonly cut: () => Error;
}

/**
 * A subscription's events under a fault plan, which may end, stall, or break it after any event.
 */
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
