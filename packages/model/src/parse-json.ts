import { stringEnd, skipSpace } from './json-text.ts';

/**
 * `JSON.parse` that also handles names of one escaped character. V8 13.6 sometimes reads such a
 * name as the backslash of the escape, so the same bytes resulted in two series.
 */
export function parseJson(text: string): unknown {
  return JSON.parse(text.includes('"\\') ? withLongerNames(text) : text);
}

/** A name that is one escape, of four digits or a letter. */
const singleEscape = /^\\(?:u[\da-fA-F]{4}|[^u])$/;
const escapeLengthMax = 6;
const colon = 0x3a;

/**
 * The text with these names unescaped. A control character or a quote must stay escaped, so it becomes
 * two characters: no dimension may have either in its name.
 */
function withLongerNames(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', open)) {
    const end = stringEnd(text, open);
    const isShort = end - open - 1 <= escapeLengthMax;
    const escape = isShort ? text.slice(open + 1, end) : '';
    if (singleEscape.test(escape) && text.charCodeAt(skipSpace(text, end + 1)) === colon) {
      const written = plainName(escape);
      parts.push(text.slice(from, open + 1), written);
      from = end;
    }
    open = end + 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

function plainName(escape: string): string {
  const code = escape.startsWith('\\u') ? Number.parseInt(escape.slice(2), 16) : -1;
  if (escape === '\\/') return '/';
  const isWritable = code >= 0x20 && code !== 0x22 && code !== 0x5c;
  if (isWritable) return String.fromCharCode(code);
  // The name that is a backslash is always read correctly.
  if (escape === '\\\\' || code === 0x5c) return '\\\\';
  return escape + escape;
}
