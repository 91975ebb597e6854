/** What the functions ask about the queries they serve. */
export interface QueryWatch {
  /**
   * Whether the query of a connection may go on. It is asked often, and must answer at once: while a
   * function runs, no timer and no other event does.
   *
   * @param connectionId DuckDB's number of the connection
   */
  readonly mayRun?: ((connectionId: number) => boolean) | undefined;
  /**
   * By how much the process may grow while a query computes; beyond it, functions whose results
   * grow refuse. @default 3/4 GiB
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
