import type { ServerResponse } from 'node:http';

const closeSignals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Aborts when a response ends, whoever ended it. Created on demand, because most operations never
 * need it.
 */
export function closeSignal(response: ServerResponse): AbortSignal {
  const known = closeSignals.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  closeSignals.set(response, controller.signal);
  if (response.destroyed) controller.abort();
  else response.once('close', () => controller.abort());
  return controller.signal;
}
