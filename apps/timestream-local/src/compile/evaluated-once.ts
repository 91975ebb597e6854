/**
 * Generated SQL in which DuckDB draws a random number, itself or in an operand that is still a
 * name.
 */
export const drawsRandom = /\brandom(\(\)|_operand\d+\b)/;

/**
 * Uses a value that is evaluated once, however often the surrounding SQL compares it.
 *
 * DuckDB expands `x IN (a, b)` and `CASE x WHEN a …` into comparisons, each with its own `x`. That
 * makes a difference only if `x` draws random numbers.
 *
 * @param sql of the value
 * @param use makes the surrounding SQL
 */
export function evaluatedOnce(sql: string, use: (value: string) => string): string {
  if (!drawsRandom.test(sql)) return use(sql);
  return `list_transform([${sql}], lambda evaluated_once: ${use('evaluated_once')})[1]`;
}
