/** One column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** As the store names it: `DOUBLE`, `TIMESTAMP`, `ARRAY(BIGINT)`, … */
  readonly type: string;
}

/** What a query gave. Every scalar is the text that the store sent. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** There were more rows than were asked for. */
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
  readonly bytesScanned: number;
}

/** How much a caller wants, and until when. */
export interface QueryLimits {
  readonly rowsMax: number;
  readonly signal: AbortSignal;
}

/** The reading side of the store. */
export interface QueryPort {
  /**
   * Runs one reading statement.
   *
   * @throws {QueryRefusedError} when the statement is wrong
   * @throws {StoreUnavailableError} when the store does not answer in time
   */
  query(statement: string, limits: QueryLimits): Promise<QueryResult>;
}
