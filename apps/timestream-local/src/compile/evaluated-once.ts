/** SQL of ours in which DuckDB draws a random number, itself or in an operand that has a name yet. */
export const drawsRandom = /\brandom(\(\)|_operand\d+\b)/;

/**
 * Uses a value that is evaluated once, however often the SQL around it compares it.
 *
 * DuckDB takes `x IN (a, b)` and `CASE x WHEN a …` apart into comparisons, each with an `x` of its own.
 * That is the same unless `x` draws random numbers.
 *
 * @param sql of the value
 * @param use makes the SQL around it
 */
export function evaluatedOnce(sql: string, use: (value: string) => string): string {
  if (!drawsRandom.test(sql)) return use(sql);
  return `list_transform([${sql}], lambda evaluated_once: ${use('evaluated_once')})[1]`;
}
