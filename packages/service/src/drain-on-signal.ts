import type { Health } from './health.ts';
import type { ServiceLogger } from './logger.ts';

/** What a drain touches, and how long it may take. */
export interface DrainOptions {
  readonly health: Health;
  readonly log: ServiceLogger;
  readonly timeoutMs: number;
}

/** Listens for signals until it is disposed. */
export interface Drain extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * Begins the drain at the first SIGTERM or SIGINT, and ends the process with 1 at the second, or when
 * the drain takes longer than `timeoutMs`.
 */
export function drainOnSignal({ health, log, timeoutMs }: DrainOptions): Drain {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const giveUp = (fields: Readonly<Record<string, unknown>>, message: string) => {
    log.error(fields, message);
    log.flush();
    process.exit(1);
  };
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      giveUp({ signal: name }, 'Stopping at once: a second signal came during the drain.');
      return;
    }
    log.info({ signal: name, timeoutMs }, 'Draining.');
    health.draining();
    timer = setTimeout(() => {
      giveUp({ timeoutMs }, 'Stopping: the drain took longer than HW_SHUTDOWN_TIMEOUT_MS.');
    }, timeoutMs);
    controller.abort(new DOMException(`${name} began the drain`, 'AbortError'));
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    },
  };
}
