/** Before and after messages of this server's functions. No other error of DuckDB contains it. */
const mark = '\u{E000}';

/**
 * Marks a message as this server's own, to distinguish it from DuckDB's messages about a failed
 * query.
 */
export function markOwnWords(message: string): string {
  return `${mark}${message}${mark}`;
}

/** The message of one of this server's functions; undefined for DuckDB's own messages. */
export function ownWords(message: string): string | undefined {
  const start = message.indexOf(mark);
  const end = message.indexOf(mark, start + 1);
  return start !== -1 && end !== -1 ? message.slice(start + 1, end) : undefined;
}
