import { HighwaterError } from '@highwater/model';

/** Whether an error says of itself that it may pass by waiting. */
export function isTransient(error: unknown): error is HighwaterError {
  return error instanceof HighwaterError && error.retry !== 'never';
}
