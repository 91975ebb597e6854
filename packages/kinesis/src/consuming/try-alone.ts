import type { Clock } from '@highwater/model';

/** If a process survives this long while it processes a record, the record does not end it. */
const processLivesMs = 2_000;

/** How to try a record that may end the process. */
export interface TryAlone {
  /** Makes the attempt durable, which counts against the record until it is acquitted. */
  readonly begin: () => Promise<void>;
  readonly call: () => Promise<void>;
  /** Removes the attempt. */
  readonly acquit: () => Promise<void>;
  readonly clock: Clock;
}

/**
 * Processes one record in a way that shows afterwards whether it ended the process. Only an attempt
 * that was cut off counts. An attempt that threw does not, nor does one that waits, for example for
 * an unreachable store: if the process is stopped then, that proves nothing about the record.
 *
 * @throws the error of the call
 */
export async function tryAlone({ begin, call, acquit, clock }: TryAlone): Promise<void> {
  await begin();
  const done = new AbortController();
  const calling = call();
  const settled = calling.then(
    () => done.abort(),
    () => done.abort(),
  );
  try {
    await Promise.race([settled, clock.sleep(processLivesMs, done.signal).catch(() => undefined)]);
    await acquit();
  } finally {
    // Calls of a processor never overlap, even if the lease was lost in the meantime.
    await settled;
  }
  await calling;
}
