import type { Row } from './row.ts';

/** The reason why a store will never accept a row unchanged. */
export type RejectReason =
  /** Its time is outside what the table keeps or accepts. */
  | 'time_out_of_range'
  /** The row breaks a rule of the store, e.g. a limit on sizes or names. */
  | 'invalid'
  /** The same version was stored with another value: two producers disagree. */
  | 'version_conflict'
  /** The store refused it for a reason that is not known here; see the detail. */
  | 'other';

/** The outcome of one row. */
export type RowOutcome =
  | { readonly status: 'written' }
  /** A higher (or the same) version is there: settled, not an error. */
  | { readonly status: 'already_newer'; readonly existingVersion?: number | undefined }
  | { readonly status: 'rejected'; readonly reason: RejectReason; readonly detail: string };

/** Where rows go. Versions decide, so writing a row again, or out of order, is harmless. */
export interface Store {
  /**
   * Writes rows, retrying what may pass with the same versions, until every row has an outcome.
   *
   * @returns one outcome a row, in the order of `rows`
   * @throws {HighwaterError} when the store cannot be used at all (missing rights, missing table);
   *   the signal's reason when it aborts first
   */
  write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]>;
}
