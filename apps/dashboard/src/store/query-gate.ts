import { BusyError } from '../errors.ts';
import type { QueryPort } from './query-port.ts';

/** How many may be under way, and how many may wait for their turn. */
export interface GateLimits {
  readonly inFlightMax: number;
  readonly waitingMax: number;
}

/** Bounds what reaches the store at once: more waits in order, and more than that is refused. */
export function limitQueries(port: QueryPort, { inFlightMax, waitingMax }: GateLimits): QueryPort {
  let inFlight = 0;
  const waiting: (() => void)[] = [];

  const enter = async (signal: AbortSignal) => {
    if (inFlight < inFlightMax) {
      inFlight += 1;
      return;
    }
    if (waiting.length >= waitingMax) {
      throw new BusyError(`querying the store: ${inFlight} queries run and ${waiting.length} wait`);
    }
    const turn = Promise.withResolvers<void>();
    const giveUp = () => {
      const at = waiting.indexOf(turn.resolve);
      // Its turn has come at this very moment: it leaves as one that ran.
      if (at < 0) return;
      waiting.splice(at, 1);
      turn.reject(signal.reason as Error);
    };
    waiting.push(turn.resolve);
    signal.addEventListener('abort', giveUp, { once: true });
    await turn.promise;
    signal.removeEventListener('abort', giveUp);
  };
  // The place is handed to the next in line, so that nobody overtakes.
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else inFlight -= 1;
  };

  return {
    async query(statement, limits) {
      limits.signal.throwIfAborted();
      await enter(limits.signal);
      try {
        return await port.query(statement, limits);
      } finally {
        leave();
      }
    },
  };
}
