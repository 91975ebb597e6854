import type { Correction } from '../../src/contract.ts';

/** One stored row: a measure of a series in a window. */
export function rowKey({ measure, dimensions, windowStartMs, windowEndMs }: Correction): string {
  const names = Object.keys(dimensions).toSorted();
  return [measure, windowStartMs, windowEndMs, ...names.map((name) => dimensions[name])].join('|');
}

/** One change of a row. */
export function correctionKey(correction: Correction): string {
  return `${rowKey(correction)}|${correction.knownAtMs}`;
}
