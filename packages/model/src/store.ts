import type { Row } from './row.ts';

/**
 * The tables of a store: raw points, rows of views, and the corrections of those rows. An engine may
 * keep the first two in one table, since their identities differ.
 */
export type StoreTable = 'raw' | 'views' | 'corrections';

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

/** What callers and tests may rely on, so that none of them asks which engine is behind a store. */
export interface StoreAbilities {
  /**
   * When only the highest version of a row is left. `on_write`: whoever reads sees one version.
   * `on_merge`: the engine removes the others later, and a plain read may see several versions until
   * then. What `RowReader` returns is the highest version in both cases.
   */
  readonly keepsHighestVersion: 'on_write' | 'on_merge';
  /** Rejects another value at a stored version as `version_conflict`, and tells which version is there. */
  readonly detectsConflicts: boolean;
  /** Rejects times before those that it keeps, as `time_out_of_range`. */
  readonly refusesOldTimes: boolean;
  /** Rows per request to the engine. `write` takes any number and splits them. */
  readonly batchRowsMax: number;
  /** Bytes per request to the engine, at most. */
  readonly batchBytesMax: number;
}

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

/** An open store. Dispose it after the last `write` has settled. */
export interface OpenStore extends Store, AsyncDisposable {
  readonly abilities: StoreAbilities;
}
