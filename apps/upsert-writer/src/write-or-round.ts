import type { Row, RowOutcome, Store } from '@highwater/model';

/** What became of rows, and how many were rounded to be taken. */
export interface RoundedOutcomes {
  readonly outcomes: readonly RowOutcome[];
  readonly roundedCount: number;
}

/**
 * Writes rows, and those BIGINTs that the store will not have as such once more as DOUBLE. Timestream
 * keeps one type for a measure name: where a table has rows of it that are DOUBLE, of a release before
 * 0.2 or of points of that type, a rounded value is worth more than none.
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
    // What is refused either way is told with the reason of the first time.
    if (!outcome || outcome.status === 'rejected') continue;
    outcomes[place] = outcome;
    roundedCount += 1;
  }
  return { outcomes, roundedCount };
}

function rounded(row: Row): Row {
  return { ...row, measureValueType: 'DOUBLE', measureValue: String(Number(row.measureValue)) };
}
