/**
 * SQL for texts with a separator between them. NULLs are omitted. DuckDB's own function requires a
 * constant separator. Otherwise, each text follows a separator, and the first one is cut off.
 *
 * @param literal the separator, if it is a quoted text
 */
export function separated(texts: string, separator: string, literal: string | undefined): string {
  if (literal !== undefined) return `array_to_string(${texts}, ${separator})`;
  const behind = `list_transform(${texts}, lambda separated_text: ${separator} || separated_text)`;
  return `substr(array_to_string(${behind}, ''), length(${separator}) + 1)`;
}
