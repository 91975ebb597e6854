import type { ErrorCode } from './error-codes.ts';

/**
 * Who must act on an error: `user` (bad configuration or input), `external` (a remote system),
 * `internal` (our bug).
 */
export type ErrorDomain = 'user' | 'external' | 'internal';

/** Whether the loop that made the call may try the same call again. */
export type ErrorRetry = 'never' | 'backoff';

/**
 * Base of the errors that services report: what happened, who must act, and whether to retry.
 * Expected outcomes are values, not errors. Programmer errors are assertions. They end the process,
 * unless a processor throws one, which may be the fault of a record (see `isRecordsFault` in
 * `kinesis`).
 */
export abstract class HighwaterError extends Error {
  /**
   * `HW_<AREA>_<WHAT>`: a metrics label and an anchor in the docs. Tests may have their own codes.
   */
  abstract readonly code: ErrorCode | `HW_TEST${string}`;
  abstract readonly domain: ErrorDomain;
  abstract readonly retry: ErrorRetry;
}
