import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatement } from '../../src/sql/parse/parse-statement.ts';
import { anyStatement } from './arbitraries.ts';
import { printStatement } from './print-sql.ts';

/** A tree without positions, and without undefined members. */
function bare(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value)),
  );
}

function parsed(sql: string): unknown {
  try {
    return parseStatement(sql);
  } catch (cause) {
    throw new Error(`parsing ${sql}`, { cause });
  }
}

describe('the parser', () => {
  // Goal: everything in the grammar is read as intended. Method: random trees are written with
  // parentheses around every part, parsed, and compared.
  it('reads random statements back to the same tree', () => {
    fc.assert(
      fc.property(anyStatement, (statement) => {
        const sql = printStatement(statement);
        fc.pre(sql.length < 20_000);
        expect(bare(parsed(sql))).toEqual(bare(statement));
      }),
      { numRuns: 300 },
    );
  });
});
