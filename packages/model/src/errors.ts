/**
 * Who must act on an error: `user` (bad configuration or input), `external` (a remote system),
 * `internal` (our bug).
 */
export type ErrorDomain = 'user' | 'external' | 'internal';

/** Whether the loop that made the call may try the same call again. */
export type ErrorRetry = 'never' | 'backoff';

/**
 * Base of every error that Highwater throws on purpose. Expected outcomes are values, not errors;
 * programmer errors are assertions and end the process.
 */
export abstract class HighwaterError extends Error {
  /** `HW_<AREA>_<WHAT>`: a metrics label and an anchor in the docs. */
  abstract readonly code: `HW_${string}`;
  abstract readonly domain: ErrorDomain;
  abstract readonly retry: ErrorRetry;
}
