import {
  closeBrace,
  closeBracket,
  comma,
  isSpace,
  openBrace,
  openBracket,
  quote,
  skipSpace,
  stringEnd,
} from './json-text.ts';

/**
 * The members of a JSON object in text order, including repeated names: the name as `JSON.parse`
 * returns it, and the position of the value's text.
 *
 * Reads the text once, whatever is nested in it.
 *
 * @param text an object that `JSON.parse` accepts
 */
export function eachMember(
  text: string,
  visit: (name: string, start: number, end: number) => void,
): void {
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = stringEnd(text, at);
    const name = unescaped(text.slice(at + 1, nameEnd));
    const start = skipSpace(text, skipSpace(text, nameEnd + 1) + 1);
    const stop = valueStop(text, start);
    visit(name, start, withoutSpace(text, stop));
    // Skips the comma, or the brace at the end.
    at = skipSpace(text, stop + 1);
  }
}

function unescaped(name: string): string {
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}

/** Position of the comma or the brace after a member's value. */
function valueStop(text: string, start: number): number {
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = stringEnd(text, at);
    else if (code === openBrace || code === openBracket) depth += 1;
    else if (depth === 0 && (code === comma || code === closeBrace)) break;
    else if (code === closeBrace || code === closeBracket) depth -= 1;
  }
  return at;
}

function withoutSpace(text: string, stop: number): number {
  let end = stop;
  while (isSpace(text.charCodeAt(end - 1))) end -= 1;
  return end;
}
