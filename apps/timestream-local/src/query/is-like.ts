/**
 * Whether a text matches a LIKE pattern without escapes: `%` is any text, `_` one character.
 *
 * No regular expression, for one with many `%` may take for ever, and this is the thread that serves
 * all requests: of the `%` passed only the last one is ever tried again.
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
