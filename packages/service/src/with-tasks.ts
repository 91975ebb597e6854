import assert from 'node:assert/strict';

/** Where the body of `withTasks` starts its tasks. */
export interface Tasks {
  /** Aborts with the outer signal, and with the first failure. */
  readonly signal: AbortSignal;
  /** Starts a task. It must end soon after the signal aborts. */
  readonly run: (task: (signal: AbortSignal) => Promise<void>) => void;
}

/**
 * Runs tasks together. No task outlives the call, and no failure goes unnoticed.
 *
 * The first failure, of a task or of `body`, aborts the others. The call settles when all have
 * settled, and rejects with that failure if there was one. Later failures are consequences of the
 * abort and are dropped.
 *
 * @throws the first failure; the signal's reason when a task stops with it
 */
export async function withTasks<T>(
  signal: AbortSignal,
  body: (tasks: Tasks) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const linked = AbortSignal.any([signal, controller.signal]);
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let isOpen = true;

  const fail = (error: unknown) => {
    failure ??= { error };
    controller.abort(failure.error);
  };
  const run: Tasks['run'] = (task) => {
    assert(isOpen, 'a task was started after its group had ended');
    const settled = (async () => task(linked))().catch(fail);
    const tracked = settled.finally(() => running.delete(tracked));
    running.add(tracked);
  };

  let result: T | undefined;
  try {
    result = await body({ signal: linked, run });
  } catch (error) {
    fail(error);
  }
  // A running task may start others, so repeat until none is left.
  while (running.size > 0) await Promise.all(running);
  isOpen = false;
  if (failure !== undefined) throw failure.error;
  return result as T;
}
