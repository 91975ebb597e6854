import type { SearchReply, SearchRequest, ValuesReply, ValuesRequest } from '../contract.ts';
import type { Tables } from '../store/tables.ts';
import type { DimensionValues } from './dimension-values.ts';

/** Where the values of dimensions are read from. */
interface ValuesContext {
  readonly tables: Tables;
  readonly values: DimensionValues;
}

/** The values of one dimension, most frequent first. */
export async function readValues(
  { tables, values }: ValuesContext,
  { dimension, limit, ...choice }: ValuesRequest,
  signal: AbortSignal,
): Promise<ValuesReply> {
  const columns = await tables.columns(tables.rows, signal);
  if (!columns?.dimensions.includes(dimension)) return { values: [], isTruncated: false };
  return values.find(dimension, choice, { search: '', limit, signal });
}

/** The values of every dimension that contain a text. Dimensions without any are omitted. */
export async function searchValues(
  { tables, values }: ValuesContext,
  { search, limit, ...choice }: SearchRequest,
  signal: AbortSignal,
): Promise<SearchReply> {
  const columns = await tables.columns(tables.rows, signal);
  const found = await Promise.all(
    (columns?.dimensions ?? []).map(async (dimension) => ({
      dimension,
      ...(await values.find(dimension, choice, { search, limit, signal })),
    })),
  );
  return { dimensions: found.filter((each) => each.values.length > 0) };
}
