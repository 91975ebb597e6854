import type { StoredCorrection } from './row-reader.ts';

/** The numbers of a correction, which its row holds as JSON. */
type CorrectionChange = Pick<
  StoredCorrection,
  'from' | 'to' | 'points' | 'added' | 'late' | 'lateByMs'
>;

/**
 * Reads the value of a row in the table of corrections.
 *
 * @returns undefined for text that is not a correction: others may write to the table, too
 */
export function parseCorrection(text: string | null | undefined): CorrectionChange | undefined {
  if (!text) return undefined;
  try {
    const { from, to, points, added, late, lateByMs } = JSON.parse(
      text,
    ) as Partial<CorrectionChange>;
    const change = { from, to, points, added, late, lateByMs };
    return Object.values(change).every(Number.isFinite) ? (change as CorrectionChange) : undefined;
  } catch {
    return undefined;
  }
}
