/**
 * Whether a text matches a LIKE pattern without escapes: `%` is any text, `_` one character.
 *
 * Does not use a regular expression, because one with many `%` may take forever, on the thread that
 * serves all requests. Instead, only the last `%` passed is ever retried.
 */
export function isLike(text: string, pattern: string): boolean {
  const [characters, parts] = [Array.from(text), Array.from(pattern)];
  let [at, part] = [0, 0];
  let again: { at: number; readonly part: number } | undefined;
  while (at < characters.length) {
    if (parts[part] === '%') {
      part += 1;
      again = { at, part };
    } else if (parts[part] === '_' || parts[part] === characters[at]) {
      at += 1;
      part += 1;
    } else if (again) {
      again.at += 1;
      ({ at, part } = again);
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === '%');
}
