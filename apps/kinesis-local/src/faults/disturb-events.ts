import type { FaultPlan } from '@highwater/testkit/faults';
import { ConnectionCut } from './disturb.ts';

/** A subscription's events under a plan of faults, which may end, stall or break it after any. */
export async function* disturbEvents<T>(
  events: AsyncIterable<T>,
  plan: FaultPlan,
  clientGone: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  for await (const event of events) {
    yield event;
    switch (plan.nextSubscriptionFault()) {
      case 'end':
        return;
      case 'cut':
        throw new ConnectionCut();
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
