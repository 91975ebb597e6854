import type { PipelineState } from '../../src/contract.ts';

/** How many points at least one of their windows does not have; null when nobody knows. */
export function tooLateOf({ tooLate, partlyTooLate }: PipelineState['totals']): number | null {
  return tooLate === null || partlyTooLate === null ? null : tooLate + partlyTooLate;
}
