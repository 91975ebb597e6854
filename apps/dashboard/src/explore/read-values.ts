import type { RowReader } from '@highwater/model';
import type { SearchReply, SearchRequest, ValuesReply, ValuesRequest } from '../contract.ts';
import type { DimensionValues } from './dimension-values.ts';

/** Where the values of dimensions are read from. */
interface ValuesContext {
  readonly reader: RowReader;
  readonly values: DimensionValues;
}

/** The values of one dimension. */
export async function readValues(
  { reader, values }: ValuesContext,
  { dimension, limit, ...choice }: ValuesRequest,
  signal: AbortSignal,
): Promise<ValuesReply> {
  const dimensions = await reader.dimensions(signal);
  if (!dimensions.includes(dimension)) return { values: [], isTruncated: false };
  return values.find(dimension, choice, { search: '', limit, signal });
}

/** The values of every dimension that contain a text. Dimensions without any are omitted. */
export async function searchValues(
  { reader, values }: ValuesContext,
  { search, limit, ...choice }: SearchRequest,
  signal: AbortSignal,
): Promise<SearchReply> {
  const dimensions = await reader.dimensions(signal);
  const found = await Promise.all(
    dimensions.map(async (dimension) => ({
      dimension,
      ...(await values.find(dimension, choice, { search, limit, signal })),
    })),
  );
  return { dimensions: found.filter((each) => each.values.length > 0) };
}
