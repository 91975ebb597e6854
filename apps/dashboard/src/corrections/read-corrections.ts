import type { RowReader } from '@highwater/model';
import type { CorrectionsReply, CorrectionsRequest } from '../contract.ts';

/** Corrections of a range of windows, or corrections that became known in a range; newest first. */
export async function readCorrections(
  reader: RowReader,
  { limit, ...choice }: CorrectionsRequest,
  signal: AbortSignal,
): Promise<CorrectionsReply> {
  const found = await reader.corrections(choice, { rowsMax: limit, signal });
  if (!found) return { corrections: [], isTruncated: false, isMissing: true };
  return { corrections: found.items, isTruncated: found.isTruncated, isMissing: false };
}
