import type { ServerResponse } from 'node:http';

const closeSignals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Aborts when a response is over, whoever ended it. Made on request, because most operations never
 * ask.
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
