/** Lambda arguments have names that occur nowhere else, but for texts in quotes. */
export function substitute(sql: string, name: string, value: string): string {
  return sql.replace(new RegExp(String.raw`'(?:[^']|'')*'|\b${name}\b`, 'g'), (found) =>
    found === name ? value : found,
  );
}
