import type { Row, RowOutcome, Store } from '@highwater/model';

/** Outcomes of rows, and how many were rounded to be accepted. */
export interface RoundedOutcomes {
  readonly outcomes: readonly RowOutcome[];
  readonly roundedCount: number;
}

/**
 * Writes rows, and retries BIGINT rows that the store rejects because of their type as DOUBLE.
 * Timestream keeps one type per measure name. If a table has DOUBLE rows of the name, from a
 * release before 0.2 or from points of that type, a rounded value is better than none.
 */
export async function writeOrRound(
  store: Store,
  rows: readonly Row[],
  signal: AbortSignal,
): Promise<RoundedOutcomes> {
  const outcomes = [...(await store.write(rows, signal))];
  const places = rows.flatMap((row, place) => {
    const outcome = outcomes[place];
    if (row.measureValueType !== 'BIGINT' || outcome?.status !== 'rejected') return [];
    return outcome.reason === 'invalid' || outcome.reason === 'other' ? [{ row, place }] : [];
  });
  if (places.length === 0) return { outcomes, roundedCount: 0 };
  const again = await store.write(
    places.map(({ row }) => rounded(row)),
    signal,
  );
  let roundedCount = 0;
  for (const [index, { place }] of places.entries()) {
    const outcome = again[index];
    // If both are rejected, the reason of the first attempt is reported.
    if (!outcome || outcome.status === 'rejected') continue;
    outcomes[place] = outcome;
    roundedCount += 1;
  }
  return { outcomes, roundedCount };
}

function rounded(row: Row): Row {
  return { ...row, measureValueType: 'DOUBLE', measureValue: String(Number(row.measureValue)) };
}
