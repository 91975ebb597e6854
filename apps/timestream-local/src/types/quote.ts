/** A DuckDB string literal. */
export function quoteText(text: string): string {
  // A NUL ends a statement for DuckDB, so it is built instead.
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}
