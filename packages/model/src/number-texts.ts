import { eachMember } from './object-members.ts';

/**
 * The numbers among the members of a JSON object, as they were sent. `JSON.parse` converts them to
 * doubles, so `2882429806056571124` and `…571100` would be one device, and `10.0` would be `10`.
 *
 * If members have the same name, the last one counts.
 *
 * @param text an object that `JSON.parse` accepts
 */
export function numberTexts(text: string): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  eachMember(text, (name, start, end) => {
    if (startsNumber(text.charCodeAt(start))) numbers.set(name, ownCopy(text.slice(start, end)));
    else numbers.delete(name);
  });
  return numbers;
}

function startsNumber(code: number): boolean {
  return code === 0x2d || (code >= 0x30 && code <= 0x39);
}

/** A slice would keep the whole record in memory for as long as its series exists. */
function ownCopy(slice: string): string {
  return JSON.parse(`"${slice}"`) as string;
}

/**
 * A JSON number without fraction and exponent, if it is whole and has few digits, because some
 * languages write a time in nanoseconds as `1.7e+18`. Other numbers stay unchanged.
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

/** More digits than 64 bits need. */
const wholeDigitsMax = 25;

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '') || '0';
}
