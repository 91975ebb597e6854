/**
 * Answers the process that started this one with `fork`. The parent decides when this process ends:
 * this process ignores the signals that a terminal sends to both, and if the parent is gone, it
 * ends immediately, whatever it is doing.
 *
 * @param handle receives every message in order, and `send`, which answers the parent
 * @param onOrphaned is called when the parent is gone, before this process ends
 */
export function serveParent(
  handle: (request: unknown, send: (reply: object) => void) => void,
  onOrphaned: () => void = () => undefined,
): void {
  const send = (reply: object) => void process.send?.(reply);
  process.on('message', (request: unknown) => handle(request, send));
  process.on('disconnect', () => {
    onOrphaned();
    endThisProcess();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
}

/** Ends this process immediately, without running anything else in it. */
export function endThisProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
