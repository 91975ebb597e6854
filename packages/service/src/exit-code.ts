import { HighwaterError } from '@highwater/model';

/**
 * The exit code of a process that ends with an error: 2 when a person has to change something first
 * (a setting, a views file, a taken port), so starting it again does not help; otherwise 1.
 */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof HighwaterError && error.domain === 'user' ? 2 : 1;
}
