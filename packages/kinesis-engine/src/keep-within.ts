import type { RecordLog } from './record-log.ts';

/**
 * Forgets the oldest records of all logs, in runs of up to 1 MiB, until what is kept is within the
 * bound: as if the retention were shorter. The newest run of a log stays whatever the bound.
 *
 * @returns bytes that were forgotten
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
