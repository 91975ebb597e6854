import { QueryRefusedError } from './errors.ts';

const reading = /^(?:SELECT|WITH|SHOW|DESCRIBE|DESC|VALUES)\b/i;

/**
 * Accepts only statements that read. `UNLOAD` writes to a bucket. The service has no other
 * statements that change anything, and the actual protection is a role without write permissions.
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
  // Comments stay, so that positions reported by the store match the editor.
  return statement.trimEnd().replace(/;$/, '');
}
