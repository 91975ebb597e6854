const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '`': '\\`',
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
};

/** A value as a string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll(/[\\'\0\n\r]/g, (character) => escapes[character] ?? '')}'`;
}

/** Values as the right side of `IN`. */
export function literals(values: readonly string[]): string {
  return `(${values.map(literal).join(', ')})`;
}

/** A name as a quoted identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll(/[\\`\0\n\r]/g, (character) => escapes[character] ?? '')}\``;
}

/** The last ms that has nanoseconds in 64 bits, in the year 2262: the engine refuses to compare later ones. */
const lastMs = 9_223_372_036_854;

/** An instant as an expression; exact, whatever the time zone of the server. */
export function instant(timeMs: number): string {
  const ms = Math.max(-lastMs, Math.min(Math.round(timeMs), lastMs));
  return `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
}
