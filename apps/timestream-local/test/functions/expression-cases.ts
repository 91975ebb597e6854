import { startFixture } from '../fixture.ts';

/** An expression, and its value in the form of the API, or an error's text after `!`. */
export type ExpressionCase = readonly [expression: string, expected: unknown];

/**
 * The cases with their actual values.
 *
 * One server answers all. Each expression is a separate query, so that a failing one hides no
 * other.
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
