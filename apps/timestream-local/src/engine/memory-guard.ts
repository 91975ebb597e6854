import type { Clock } from '@highwater/model';
import { Worker } from 'node:worker_threads';

/** Of the limit: where queries are interrupted, and where the process is ended. */
const shares = { interrupt: 1.15, end: 1.4 } as const;

const lookEveryMs = 20;

export interface MemoryGuardOptions {
  /** What queries may add to the memory that the process has now. */
  readonly bytesMax: number;
  readonly clock: Clock;
  /** Called again and again while too much is used. */
  readonly onExceeded: () => void;
}

/**
 * Bounds the process's memory. DuckDB's own limit is the first bound, but not all that an expression
 * builds counts against it. Beyond the limit queries are interrupted; where they go on nevertheless a
 * thread of its own ends the process, for this one may be kept busy by what takes the memory. That
 * thread also sees when the server is gone.
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

/** JavaScript, for it is run as text. */
const endingSource = `
const { workerData } = require('node:worker_threads');
setInterval(() => {
  const isTooLarge = process.memoryUsage.rss() > workerData.endBytes;
  if (isTooLarge || process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL');
}, workerData.lookEveryMs);
`;
