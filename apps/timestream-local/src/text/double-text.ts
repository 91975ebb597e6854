/**
 * A double as Java writes it: at least one digit after the point, and an exponent (`1.65E9`) outside
 * of `[0.001, 10^7)`. The digits are the shortest that name the value, as in Java since 19.
 */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const shortest = value.toExponential();
  // Where one digit would do, Java takes the two that are nearest: 4.9E-324 is the least double.
  const text = shortest.includes('.') ? shortest : value.toExponential(1);
  return text.replace('e+', 'E').replace('e', 'E');
}
