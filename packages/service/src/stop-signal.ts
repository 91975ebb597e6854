import type { Clock } from '@highwater/model';
import type { EventEmitter } from 'node:events';
import { systemClock } from './system-clock.ts';

/** What to do when the process is asked to stop. */
export interface StopHandlers {
  /** Called once, before the signal aborts. */
  readonly onStop: (cause: string) => void;
  /** Called when somebody asks again: stop waiting. */
  readonly onInsist: (cause: string) => void;
}

/** Sources of a request to stop the process. */
export interface StopSource {
  readonly events: EventEmitter;
  readonly clock: Clock;
}

/** Listens until it is disposed. */
export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** Under npm, Ctrl-C arrives twice: from the terminal, and forwarded by npm. */
const sameRequestMs = 500;

/**
 * Turns SIGTERM, SIGINT, and the loss of a parent that holds an IPC channel into one `AbortSignal`,
 * so that no service outlives the stack that started it.
 *
 * @param source where the requests come from, and the clock that separates a repeated request from
 * a duplicate of the first
 */
export function listenForStop(
  { onStop, onInsist }: StopHandlers,
  source: StopSource = { events: process, clock: systemClock },
): StopSignal {
  const { events, clock } = source;
  const controller = new AbortController();
  let stoppedAtMs = 0;

  const stop = (cause: string) => {
    const nowMs = clock.monotonicMs();
    if (controller.signal.aborted) {
      if (nowMs - stoppedAtMs >= sameRequestMs) onInsist(cause);
      return;
    }
    stoppedAtMs = nowMs;
    onStop(cause);
    controller.abort(new DOMException(`stopping on ${cause}`, 'AbortError'));
  };
  const onDisconnect = () => {
    if (!controller.signal.aborted) stop('the end of the parent process');
  };
  events.on('SIGTERM', stop).on('SIGINT', stop).on('disconnect', onDisconnect);

  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      events.off('SIGTERM', stop).off('SIGINT', stop).off('disconnect', onDisconnect);
    },
  };
}
