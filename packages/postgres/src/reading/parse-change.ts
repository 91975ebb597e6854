import type { StoredCorrection } from '@highwater/model';

/** What a correction changed. */
export type Change = Pick<
  StoredCorrection,
  'from' | 'to' | 'points' | 'added' | 'late' | 'lateByMs'
>;

/** @returns undefined for a row that is no correction: the table is anybody's to write to */
export function parseChange(text: string): Change | undefined {
  try {
    const { from, to, points, added, late, lateByMs } = JSON.parse(text) as Partial<Change>;
    const change = { from, to, points, added, late, lateByMs };
    return Object.values(change).every(Number.isFinite) ? (change as Change) : undefined;
  } catch {
    return undefined;
  }
}
