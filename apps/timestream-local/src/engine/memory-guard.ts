import type { Clock } from '@highwater/model';
import { Worker } from 'node:worker_threads';

/** Fractions of the limit at which queries are interrupted, and at which the process is ended. */
const shares = { interrupt: 1.15, end: 1.4 } as const;

const lookEveryMs = 20;

export interface MemoryGuardOptions {
  /** Memory that queries may use in addition to the current memory of the process. */
  readonly bytesMax: number;
  readonly clock: Clock;
  /** Called repeatedly while too much memory is used. */
  readonly onExceeded: () => void;
}

/**
 * Limits the process's memory. DuckDB's own limit applies first, but does not cover everything that
 * an expression builds. Beyond the limit, queries are interrupted. If they continue, a separate
 * thread ends the process, because the main thread may be blocked by the query. That thread also
 * notices when the server is gone.
 */
export async function guardMemory(options: MemoryGuardOptions): Promise<never> {
  const { bytesMax, clock, onExceeded } = options;
  const base = process.memoryUsage.rss();
  const ending = new Worker(endingSource, {
    eval: true,
    execArgv: [],
    workerData: { endBytes: base + bytesMax * shares.end, lookEveryMs, parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  ending.unref();
  for (;;) {
    await clock.sleep(lookEveryMs);
    if (process.memoryUsage.rss() > base + bytesMax * shares.interrupt) onExceeded();
  }
}

/** JavaScript, because it is run as text. */
const endingSource = `
const { workerData } = require('node:worker_threads');
setInterval(() => {
  const isTooLarge = process.memoryUsage.rss() > workerData.endBytes;
  if (isTooLarge || process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL');
}, workerData.lookEveryMs);
`;
