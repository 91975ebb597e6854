import { startFixture } from '../fixture.ts';

/** An expression, and its value as the API writes it; an error's text behind `!`. */
export type ExpressionCase = readonly [expression: string, expected: unknown];

/**
 * The cases with the values that they really have.
 *
 * One server answers all; each expression is its own query, so that one that fails hides no other.
 */
export async function evaluate(
  cases: readonly ExpressionCase[],
): Promise<readonly ExpressionCase[]> {
  await using server = await startFixture();
  const found: ExpressionCase[] = [];
  for (const [expression] of cases) {
    const value = await server.query(`SELECT ${expression}`).then(
      (rows) => (rows.length === 1 ? rows[0]?.[0] : rows),
      (error: unknown) => `!${error instanceof Error ? error.message : String(error)}`,
    );
    found.push([expression, value]);
  }
  return found;
}
