import type { PipelineState } from '../../src/contract.ts';

/** How many points are missing from at least one of their windows; null when unknown. */
export function tooLateOf({ tooLate, partlyTooLate }: PipelineState['totals']): number | null {
  return tooLate === null || partlyTooLate === null ? null : tooLate + partlyTooLate;
}
