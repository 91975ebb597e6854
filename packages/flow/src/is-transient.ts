import { HighwaterError } from '@highwater/model';

/** Whether an error says that waiting may resolve it. */
export function isTransient(error: unknown): error is HighwaterError {
  return error instanceof HighwaterError && error.retry !== 'never';
}
