import { QueryRefusedError } from './errors.ts';

const reading = /^(?:SELECT|WITH|SHOW|DESCRIBE|DESC|VALUES)\b/i;

/**
 * Lets statements pass that only read. `UNLOAD` writes to a bucket; the service has no others that
 * change anything, and a role without rights to write is the fence that counts.
 *
 * @throws {QueryRefusedError} for anything else
 */
export function readingStatement(statement: string): string {
  const bare = statement
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .trim()
    .replace(/;$/, '');
  if (!reading.test(bare.replace(/^[\s(]+/, ''))) {
    throw new QueryRefusedError(
      'only statements that read are allowed: SELECT, WITH, SHOW, DESCRIBE',
      { line: 1, column: 1 },
    );
  }
  // Comments stay, so that the places that the store names are those of the editor.
  return statement.trimEnd().replace(/;$/, '');
}
