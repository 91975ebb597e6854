import { QueryRefusedError } from '@highwater/store-kit';

const description = /^[\s(]*DESC(?:RIBE)?\b/i;
const name = String.raw`(?:\w+|\`[^\`\\]+\`|"[^"\\]+")`;
const ofTable = new RegExp(
  String.raw`^\s*DESC(?:RIBE)?\s+(?:TABLE\s+)?(?:\(|${name}(?:\.${name})?\s*$)`,
  'i',
);

/**
 * Lets a description through only if it is of a table or a query. To describe what `file()` or `url()`
 * returns, the engine reads it, also where the mode of the connection does not let a query do so.
 *
 * @param statement without a semicolon
 * @throws {QueryRefusedError} for anything else
 */
export function refuseDescription(statement: string): void {
  const bare = statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  if (!description.test(bare) || ofTable.test(bare)) return;
  throw new QueryRefusedError('DESCRIBE is allowed only for a table or a query', {
    line: 1,
    column: 1,
  });
}
