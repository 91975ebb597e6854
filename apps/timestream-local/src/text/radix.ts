/** A whole number in the digits of a radix. */
export function toBase(value: bigint, radix: bigint): string {
  return value.toString(radixOf(radix));
}

/**
 * Reads a whole number in the digits of a radix.
 *
 * @throws {Error} when it is none, or more than 64 bits hold
 */
export function fromBase(text: string, radix: bigint): bigint {
  const base = radixOf(radix);
  const invalid = () => new Error(`Not a valid base-${base} number: ${text.slice(0, 100)}`);
  const [, sign = '', digits = ''] = /^([+-]?)0*(.*)$/s.exec(text.toLowerCase()) ?? [];
  // Base 2 has the most digits. For a very long text, the number would take seconds.
  if (digits.length > 64 || /^[+-]?$/.test(text)) throw invalid();
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, base);
    if (Number.isNaN(worth)) throw invalid();
    value = value * BigInt(base) + BigInt(worth);
  }
  const signed = sign === '-' ? -value : value;
  if (BigInt.asIntN(64, signed) !== signed) throw invalid();
  return signed;
}

function radixOf(radix: bigint): number {
  if (radix >= 2n && radix <= 36n) return Number(radix);
  throw new Error('Radix must be between 2 and 36');
}
