/** Minus infinity at zero and NaN below, as in Java; DuckDB fails at both. */
export function logarithmSql(value: string, name = 'ln'): string {
  return `(CASE WHEN ${value} = 0 THEN '-Infinity'::DOUBLE WHEN ${value} < 0 THEN 'NaN'::DOUBLE ELSE ${name}(${value}) END)`;
}
