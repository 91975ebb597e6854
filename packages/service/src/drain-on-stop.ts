import type { Health } from './health.ts';
import type { ServiceLogger } from './logger.ts';
import { listenForStop, type StopSignal } from './stop-signal.ts';

/** Parts that a drain acts on, and its time limit. */
export interface DrainOptions {
  readonly health: Health;
  readonly log: ServiceLogger;
  readonly timeoutMs: number;
}

/**
 * Starts the drain when the process is asked to stop. Ends the process with code 1 when it is asked
 * again, or when the drain takes longer than `timeoutMs`.
 */
export function drainOnStop({ health, log, timeoutMs }: DrainOptions): StopSignal {
  let timer: NodeJS.Timeout | undefined;

  const giveUp = (fields: Readonly<Record<string, unknown>>, message: string) => {
    log.error(fields, message);
    log.flush();
    process.exit(1);
  };
  const stop = listenForStop({
    onStop: (cause) => {
      log.info({ cause, timeoutMs }, 'Draining.');
      health.draining();
      timer = setTimeout(() => {
        giveUp(
          { timeoutMs },
          'Stopping before the drain is complete: it took longer than HW_SHUTDOWN_TIMEOUT_MS.',
        );
      }, timeoutMs);
    },
    onInsist: (cause) => {
      giveUp(
        { cause },
        'Stopping immediately: received a second request to stop during the drain.',
      );
    },
  });
  return {
    signal: stop.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      stop[Symbol.dispose]();
    },
  };
}
