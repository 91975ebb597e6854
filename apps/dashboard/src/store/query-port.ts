/** One column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** In the syntax of the store: `DOUBLE`, `TIMESTAMP`, `ARRAY(BIGINT)`, … */
  readonly type: string;
}

/** The result of a query. Every scalar is the text that the store sent. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** There were more rows than requested. */
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
  readonly bytesScanned: number;
}

/** Limits of a request. */
export interface QueryLimits {
  readonly rowsMax: number;
  readonly signal: AbortSignal;
}

/** The read interface of the store. */
export interface QueryPort {
  /**
   * Runs one reading statement.
   *
   * @throws {QueryRefusedError} when the statement is wrong
   * @throws {StoreUnavailableError} when the store does not answer in time
   */
  query(statement: string, limits: QueryLimits): Promise<QueryResult>;
}
