/** Information for functions about the queries that call them. */
export interface QueryWatch {
  /**
   * Whether the query of a connection may continue. It is called often, and must answer
   * synchronously, because no timer and no other event runs during a function.
   *
   * @param connectionId DuckDB's number of the connection
   */
  readonly mayRun?: ((connectionId: number) => boolean) | undefined;
  /**
   * How much the process may grow while a query computes. Beyond it, functions with growing results
   * fail. @default 3/4 GiB
   */
  readonly growthBytesMax?: number | undefined;
}

/** One use of a function in a statement, from when the statement was bound. */
export interface CallSite {
  readonly connectionId: number;
  /** Of the whole process, when the statement was bound. */
  readonly residentBytes: number;
}

const growthBytesDefault = 768 * 2 ** 20;

/** A query as one of its functions sees it. */
export class WatchedQuery {
  readonly #watch: QueryWatch;
  readonly #site: CallSite | undefined;

  constructor(watch: QueryWatch, site: CallSite | undefined) {
    this.#watch = watch;
    this.#site = site;
  }

  /** @throws {Error} once the query was stopped */
  assertMayRun(): void {
    const { mayRun } = this.#watch;
    if (this.#site && mayRun && !mayRun(this.#site.connectionId)) {
      throw new Error('Query was stopped');
    }
  }

  /** By how many bytes the process may still grow for this query. */
  roomBytes(): number {
    const { growthBytesMax = growthBytesDefault } = this.#watch;
    if (!this.#site) return growthBytesMax;
    return growthBytesMax - (process.memoryUsage.rss() - this.#site.residentBytes);
  }
}
