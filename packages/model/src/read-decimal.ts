/** A number read from bytes, and where it ended. */
export interface DecimalToken {
  value: number;
  /** Index of the closing quote. */
  end: number;
}

const quote = 0x22;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

/** Longer numbers are rare, and 10^19 still fits the two doubles below. */
const digitsMax = 19;
const exactDigits = 15;
const charactersMax = 40;

/** Powers of ten that are exact as doubles. */
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * Reads a decimal number up to a closing quote: digits, with or without a minus sign and a
 * fraction. The value equals `Number()` of the text bit for bit, except that negative zero is read
 * as zero.
 *
 * @returns false when the text does not have that plain form, or is too long to be certainly exact;
 * this does not mean that it is not a number
 */
export function readDecimal(data: Uint8Array, start: number, token: DecimalToken): boolean {
  const isNegative = data[start] === minus;
  const first = isNegative ? start + 1 : start;
  const last = Math.min(data.length, start + charactersMax);
  let high = 0;
  let low = 0;
  let digits = 0;
  let fraction = -1;
  let at = first;
  for (; at < last; at++) {
    const byte = data[at] as number;
    const digit = byte - zero;
    if (digit >= 0 && digit <= 9) {
      if (digits < exactDigits) high = high * 10 + digit;
      else low = low * 10 + digit;
      // Leading zeros do not count as digits.
      if (digits > 0 || digit > 0) digits += 1;
      if (fraction >= 0) fraction += 1;
    } else if (byte === point && fraction < 0 && at > first) {
      fraction = 0;
    } else {
      break;
    }
  }
  if (at === first || at >= last || data[at] !== quote || fraction === 0) return false;
  if (digits > digitsMax || fraction >= powers.length) return false;
  const value =
    digits <= exactDigits
      ? high / (powers[Math.max(fraction, 0)] as number)
      : longQuotient(high, low, digits - exactDigits, powers[Math.max(fraction, 0)] as number);
  if (Number.isNaN(value)) return false;
  token.value = isNegative && value !== 0 ? -value : value;
  token.end = at;
  return true;
}

/**
 * `(high · 10^lowDigits + low) / divisor`, rounded once, computed with two doubles and about 100
 * bits. If the last bits could decide how to round, the result is NaN.
 *
 * @see T. J. Dekker, "A floating-point technique for extending the available precision", 1971
 */
function longQuotient(high: number, low: number, lowDigits: number, divisor: number): number {
  const power = powers[lowDigits] as number;
  const product = high * power;
  const whole = product + low;
  // Both are small whole numbers, so their sum is exact. The number is `whole + rest`.
  const rest = productError(high, power, product) + (low - (whole - product));
  const quotient = whole / divisor;
  const back = quotient * divisor;
  const remainder = whole - back - productError(quotient, divisor, back);
  const correction = (remainder + rest) / divisor;
  const margin = Math.abs(correction) * 2 ** -48;
  const value = quotient + (correction - margin);
  return value === quotient + (correction + margin) ? value : Number.NaN;
}

/** The rounding error of `product = a · b`. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const aLow = a - aHigh;
  const bHigh = upperHalf(b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

function upperHalf(value: number): number {
  const scaled = value * (2 ** 27 + 1);
  return scaled - (scaled - value);
}
