import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Seconds of processor time that a call takes on this thread, without the work of others. */
export function cpuSeconds(call: () => void): number {
  const before = process.threadCpuUsage();
  call();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds of processor time of a call, and the most of it between two turns of the event loop. */
export async function timeAndBlock(call: () => Promise<void>): Promise<{
  readonly totalMs: number;
  readonly blockMs: number;
}> {
  let isDone = false;
  let totalMs = 0;
  let blockMs = 0;
  let last = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    totalMs += (user + system) / 1000;
    blockMs = Math.max(blockMs, (user + system) / 1000);
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await call();
  isDone = true;
  turn();
  return { totalMs, blockMs };
}

/** Bytes of the heap that are in use, without what can be thrown away. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
