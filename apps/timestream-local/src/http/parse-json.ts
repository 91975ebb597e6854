/** A JSON number that a JavaScript number may not hold exactly. */
const longNumber = /[:[,]\s*-?\d{16,}/;

/**
 * Parses JSON without rounding integers: those beyond 2^53 come back as `bigint`.
 *
 * Reading every number through a reviver is several times slower, so it is done only for bodies in
 * which a number that long occurs. (It may also occur within a string; that costs time, not truth.)
 *
 * @throws {SyntaxError} when the text is not JSON
 */
export function parseJson(text: string): unknown {
  return longNumber.test(text) ? JSON.parse(text, reviveLong as Reviver) : JSON.parse(text);
}

type Reviver = (key: string, value: unknown) => unknown;

function reviveLong(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source = '' } = context;
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}
