import type { RowReader } from '@highwater/model';
import type { MeasuresReply, RangeRequest } from '../contract.ts';

/** More measures than a person can choose from. */
const measuresMax = 2_000;

/** The measures that have rows in a range, and the dimensions that distinguish series. */
export async function readMeasures(
  reader: RowReader,
  range: RangeRequest,
  signal: AbortSignal,
): Promise<MeasuresReply> {
  const [{ items }, dimensions] = await Promise.all([
    reader.measures(range, { rowsMax: measuresMax, signal }),
    reader.dimensions(signal),
  ]);
  return { measures: items, dimensions };
}
