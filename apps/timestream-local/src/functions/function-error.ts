/** What is wrong with a call whose types fit; the compiler says where. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
}
