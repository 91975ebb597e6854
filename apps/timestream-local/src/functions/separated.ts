/**
 * SQL for texts with a separator between them; NULLs are left out. DuckDB's own function wants a
 * separator that is a constant; where it is none, each text is put behind one, and the first is cut off.
 *
 * @param literal the separator, where it is a text in quotes
 */
export function separated(texts: string, separator: string, literal: string | undefined): string {
  if (literal !== undefined) return `array_to_string(${texts}, ${separator})`;
  const behind = `list_transform(${texts}, lambda separated_text: ${separator} || separated_text)`;
  return `substr(array_to_string(${behind}, ''), length(${separator}) + 1)`;
}
