/** In front of and behind what our functions say: nothing else that DuckDB throws has it. */
const mark = '\u{E000}';

/** Marks a message as ours, to be told from DuckDB's own words for a failed query. */
export function markOwnWords(message: string): string {
  return `${mark}${message}${mark}`;
}

/** What one of our functions said; undefined for DuckDB's own words. */
export function ownWords(message: string): string | undefined {
  const start = message.indexOf(mark);
  const end = message.indexOf(mark, start + 1);
  return start !== -1 && end !== -1 ? message.slice(start + 1, end) : undefined;
}
