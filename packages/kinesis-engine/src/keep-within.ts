import type { RecordLog } from './record-log.ts';

/**
 * Drops the oldest records of all logs, in runs of up to 1 MiB, until the rest is within the limit,
 * as if the retention were shorter. Keeps the newest run of each log, whatever the limit.
 *
 * @returns the number of dropped bytes
 */
export function keepWithin(logs: readonly RecordLog[], bytesMax: number): number {
  const keptBytes = logs.reduce((sum, log) => sum + log.keptBytes, 0);
  let forgottenBytes = 0;
  while (keptBytes - forgottenBytes > bytesMax) {
    const [oldest] = logs
      .filter((log) => log.canForget)
      .toSorted((a, b) => a.oldestArrivalMs - b.oldestArrivalMs);
    if (oldest === undefined) break;
    forgottenBytes += oldest.forgetOldest();
  }
  return forgottenBytes;
}
