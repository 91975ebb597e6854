/** A problem of a call whose types fit. The compiler adds the position. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}
