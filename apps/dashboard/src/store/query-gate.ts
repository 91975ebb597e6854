import { Slots, SlotsBusyError } from '@highwater/flow';
import { BusyError } from '../errors.ts';
import type { QueryPort } from './query-port.ts';

/** How many may be under way, and how many may wait for their turn. */
export interface GateLimits {
  readonly inFlightMax: number;
  readonly waitingMax: number;
}

/** Bounds what reaches the store at once: more waits in order, and more than that is refused. */
export function limitQueries(port: QueryPort, { inFlightMax, waitingMax }: GateLimits): QueryPort {
  const slots = new Slots(inFlightMax, waitingMax);
  return {
    async query(statement, limits) {
      try {
        return await slots.run(() => port.query(statement, limits), limits.signal);
      } catch (error) {
        if (!(error instanceof SlotsBusyError)) throw error;
        const { takenCount, waitingCount } = slots;
        throw new BusyError(
          `querying the store: ${takenCount} queries are running and ${waitingCount} are waiting; try again later`,
        );
      }
    },
  };
}
