import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks once a second until the condition holds.
 *
 * @throws what the last look threw, or the description, when it did not hold in time
 */
export async function eventually(
  description: string,
  timeoutMs: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadlineMs) {
      throw new Error(`waiting ${timeoutMs} ms until ${description}`, { cause });
    }
    await sleep(1_000);
  }
}
