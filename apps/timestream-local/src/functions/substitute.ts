/** Names of lambda arguments occur nowhere else, except in quoted texts. */
export function substitute(sql: string, name: string, value: string): string {
  return sql.replace(new RegExp(String.raw`'(?:[^']|'')*'|\b${name}\b`, 'g'), (found) =>
    found === name ? value : found,
  );
}
