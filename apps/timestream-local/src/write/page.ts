import { ApiError } from '../http/api-error.ts';

/** The maximum, and the default, page size of ListDatabases and ListTables. */
const pageItemsMax = 20;

interface PageInput {
  readonly NextToken?: string | null | undefined;
  readonly MaxResults?: number | null | undefined;
}

/**
 * One page of items that are sorted by their keys. A token holds the last key of its page, so items
 * that come or go in between neither repeat nor hide others.
 *
 * @throws {ApiError} ValidationException for a token that is not ours
 */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { NextToken, MaxResults }: PageInput,
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const after = NextToken ? readToken(NextToken) : undefined;
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, MaxResults ?? pageItemsMax);
  const last = shown.at(-1);
  return rest.length > shown.length && last !== undefined
    ? { items: shown, NextToken: Buffer.from(`after:${keyOf(last)}`).toString('base64url') }
    : { items: shown };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new ApiError('ValidationException', 'The provided NextToken is invalid.');
}
