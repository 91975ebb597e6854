/**
 * Answers the process that started this one with `fork`. The parent decides when this process ends:
 * the signals that a terminal sends to both are left to it, and without a parent this process ends at
 * once, whatever it is doing.
 *
 * @param handle is given every message in order, and `send`, which answers the parent
 * @param onOrphaned is called when the parent has gone, before this process ends
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

/** Ends this process at once, without running anything more in it. */
export function endThisProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
