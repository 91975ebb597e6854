import type { OpenStore, Row } from '@highwater/model';
import { processorSeconds, type ProcessorSeconds } from './processor-seconds.ts';
import { fleetSeries, viewRows, windowMs } from './workload.ts';

/** Calls of `write` at the same time. */
export const writersCount = 2;

/** Rows of one call of `write`: as many as a request to the engine takes, and at least 1,000. */
export function callRowsCount({ abilities }: OpenStore): number {
  return Math.max(1_000, abilities.batchRowsMax);
}

/** How writing went. */
export interface WritePass {
  readonly name: string;
  readonly rowsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By this process, which writes, and by the engine. */
  readonly microsPerRow: ProcessorSeconds;
}

const { signal } = new AbortController();

/**
 * Writes the same view rows several times: new, with a higher version, again, and with a lower version.
 * The first window is apart, since its rows bring the series.
 *
 * @param endMs the end of the last window
 */
export async function* writePasses(
  store: OpenStore,
  { endMs, windowsCount }: { readonly endMs: number; readonly windowsCount: number },
): AsyncGenerator<WritePass> {
  const rowsAt = (version: number, from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) =>
      viewRows({ view: 'avg', startMs: endMs - (from + index + 1) * windowMs, version }),
    ).flat();
  const passes = [
    { name: `first window (${inWords(fleetSeries.length)} new series)`, version: 2, isFirst: true },
    { name: 'new rows', version: 2 },
    { name: 'corrected rows (higher version)', version: 3 },
    { name: 'repeated rows (same version)', version: 3 },
    { name: 'lower versions', version: 1 },
  ];
  for (const { name, version, isFirst = false } of passes) {
    const rows = isFirst ? rowsAt(version, 0, 1) : rowsAt(version, 1, 1 + windowsCount);
    yield { name, ...(await timed(store, rows)) };
  }
}

async function timed(store: OpenStore, rows: readonly Row[]): Promise<Omit<WritePass, 'name'>> {
  const before = processorSeconds();
  const startMs = performance.now();
  const times = await writeAll(store, rows, callRowsCount(store));
  const seconds = (performance.now() - startMs) / 1000;
  const after = processorSeconds();
  const micros = (of: 'writer' | 'engine') => ((after[of] - before[of]) * 1e6) / rows.length;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    rowsPerSecond: rows.length / seconds,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? NaN,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? NaN,
    microsPerRow: { writer: micros('writer'), engine: micros('engine') },
  };
}

/**
 * Writes all rows by several callers at once.
 *
 * @returns the time of each call, in ms
 */
export async function writeAll(
  store: OpenStore,
  rows: readonly Row[],
  rowsPerCall: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  let next = 0;
  const writer = async () => {
    while (next < rows.length) {
      const batch = rows.slice(next, (next += rowsPerCall));
      const startMs = performance.now();
      const outcomes = await store.write(batch, signal);
      times.push(performance.now() - startMs);
      const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
      if (rejected) throw new Error(`a row was rejected: ${rejected.reason}: ${rejected.detail}`);
    }
  };
  await Promise.all(Array.from({ length: writersCount }, writer));
  return times;
}

function inWords(count: number): string {
  return count.toLocaleString('en');
}
