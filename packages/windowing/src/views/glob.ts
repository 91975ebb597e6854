/** Whether a text matches the pattern, in which `*` means any characters. No other character is special. */
export type Glob = (text: string) => boolean;

/** Compiles patterns of which any may match. A pattern is compared as a whole. */
export function anyGlob(patterns: readonly string[]): Glob {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const parts = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => pattern.split('*'));
  return (text) => exact.has(text) || parts.some((each) => matches(text, each));
}

/** Linear in the text, where a regular expression of several `.*` would not be. */
function matches(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}
