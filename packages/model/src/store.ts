import type { Row } from './row.ts';

/** The reason why a store will never accept a row unchanged. */
export type RejectReason =
  /** Its time is outside the range that the table keeps or accepts. */
  | 'time_out_of_range'
  /** The row breaks a rule of the store, e.g. a limit on sizes or names. */
  | 'invalid'
  /** The same version was stored with another value, so two producers disagree. */
  | 'version_conflict'
  /** The store rejected it for an unknown reason; see the detail. */
  | 'other';

/** The outcome of one row. */
export type RowOutcome =
  | { readonly status: 'written' }
  /** A higher (or the same) version is already stored: settled, not an error. */
  | { readonly status: 'already_newer'; readonly existingVersion?: number | undefined }
  | { readonly status: 'rejected'; readonly reason: RejectReason; readonly detail: string };

/**
 * A destination of rows. The version decides, so writing a row again, or out of order, is harmless.
 */
export interface Store {
  /**
   * Writes rows until every row has an outcome. Retries temporary failures with the same versions.
   *
   * @returns one outcome per row, in the order of `rows`
   * @throws {HighwaterError} when the store cannot be used at all (missing permissions, missing
   * table); the signal's reason when it aborts first
   */
  write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]>;
}
