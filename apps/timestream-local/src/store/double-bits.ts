const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The 64 bits of a double, as an integer: equal exactly for equal values (there is no -0 here). */
export function doubleBits(value: number): bigint {
  double[0] = value;
  return bits[0] ?? 0n;
}
