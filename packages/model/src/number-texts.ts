import {
  closeBrace,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  skipSpace,
  stringEnd,
} from './json-text.ts';

/**
 * The numbers among the members of a JSON object, as they were sent: `JSON.parse` makes doubles of
 * them, so that `2882429806056571124` and `…571100` would be one device, and `10.0` would be `10`.
 *
 * Reads the text once, whatever is nested in it. Of members with one name the last one counts.
 *
 * @param text an object that `JSON.parse` takes
 */
export function numberTexts(text: string): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === quote) {
    const nameEnd = stringEnd(text, at);
    const name = unescaped(text.slice(at + 1, nameEnd));
    const start = skipSpace(text, skipSpace(text, nameEnd + 1) + 1);
    const end = valueEnd(text, start);
    if (startsNumber(text.charCodeAt(start))) numbers.set(name, ownCopy(text.slice(start, end)));
    else numbers.delete(name);
    // Over the comma; at the end over the brace.
    at = skipSpace(text, end + 1);
  }
  return numbers;
}

function unescaped(name: string): string {
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}

/** Where the comma or the brace after a member's value stands. */
function valueEnd(text: string, start: number): number {
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

function startsNumber(code: number): boolean {
  return code === 0x2d || (code >= 0x30 && code <= 0x39);
}

/** A slice keeps the whole record in memory for as long as the series that it becomes part of. */
function ownCopy(slice: string): string {
  return JSON.parse(`"${slice.trimEnd()}"`) as string;
}

/**
 * A JSON number without fraction and exponent, where it is a whole one of few digits: `1.7e+18` is
 * how some languages write a time in nanoseconds. Any other stays as it is.
 */
export function wholeNumberText(text: string): string {
  const [, sign = '', whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const zeros = Number(exponent) - fraction.length;
  const digits = whole + fraction;
  if (zeros + digits.length > wholeDigitsMax) return text;
  if (zeros >= 0) return sign + withoutLeadingZeros(digits + '0'.repeat(zeros));
  return /^0*$/.test(digits.slice(zeros))
    ? sign + withoutLeadingZeros(digits.slice(0, zeros))
    : text;
}

/** As many digits as 64 bits have, and some. */
const wholeDigitsMax = 25;

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '') || '0';
}
