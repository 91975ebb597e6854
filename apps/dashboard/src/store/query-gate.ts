import { Slots, SlotsBusyError } from '@highwater/flow';
import { BusyError } from '../errors.ts';
import type { QueryPort } from './query-port.ts';

/** The number of queries that may run, and that may wait. */
export interface GateLimits {
  readonly inFlightMax: number;
  readonly waitingMax: number;
}

/**
 * Limits concurrent queries to the store. Further ones wait in order, and beyond a limit they are
 * rejected.
 */
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
