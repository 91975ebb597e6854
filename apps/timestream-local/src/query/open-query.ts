import { ApiError } from '../http/api-error.ts';
import type { ColumnInfo } from './column-info.ts';
import type { StopReason } from './query-errors.ts';
import { queryError } from './query-errors.ts';
import type { RowSource } from './row-source.ts';

/** Maximum size of the rows of one page, as JSON. */
const pageBytesMax = 1_000_000;

export interface QueryPage {
  /** Each as the JSON of its data. */
  readonly rows: readonly string[];
  readonly isLast: boolean;
}

/** An empty page that only says that the query continues. */
export const emptyPage: QueryPage = { rows: [], isLast: false };

export interface OpenQueryOptions {
  readonly id: string;
  readonly text: string;
  readonly columns: readonly ColumnInfo[];
  readonly source: RowSource;
  /** SHOW and DESCRIBE scan nothing. */
  readonly isMetadata: boolean;
}

/** A query whose rows are read page by page. */
export class OpenQuery {
  readonly id: string;
  readonly text: string;
  readonly columns: readonly ColumnInfo[];
  readonly isMetadata: boolean;
  /** Why it was stopped, once it was. */
  stopped: StopReason | undefined;
  bytesRead = 0;
  /** Why computing it failed, if that happened while no call waited for it. */
  failure: ApiError | undefined;
  readonly #source: RowSource;
  #last: Promise<unknown> = Promise.resolve();
  #turns = 0;
  #filling: Promise<void> | undefined;
  /** Read from the source, but not yet returned. */
  #ahead: string[] = [];
  #isAtEnd = false;
  #isReading = false;
  #isClosed = false;

  constructor({ id, text, columns, source, isMetadata }: OpenQueryOptions) {
    this.id = id;
    this.text = text;
    this.columns = columns;
    this.isMetadata = isMetadata;
    this.#source = source;
  }

  /** Whether it computes, or a call waits for its turn. */
  get isBusy(): boolean {
    return this.#turns > 0 || this.#filling !== undefined;
  }

  /** Continues the computation in progress in the background, or starts it. */
  filling(begin: () => Promise<void>): Promise<void> {
    this.#filling ??= begin().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  /** Settles when nothing computes and no call waits. */
  async idle(): Promise<void> {
    await this.inTurn(() => this.#filling?.catch(() => undefined) ?? Promise.resolve());
  }

  /** Runs a task once all earlier ones have ended: calls with one token may come at the same time. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    this.#turns += 1;
    const result = this.#last.then(task).finally(() => {
      this.#turns -= 1;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Returns the next page of the rows that `fill` has read.
   *
   * @param isFirst as captured: if the result exceeds MaxRows, the first page is empty
   */
  take(rowsMax: number | undefined, isFirst: boolean): QueryPage {
    const limit = rowsMax ?? Infinity;
    const count = this.#pageRows(limit);
    const isLast = this.#isAtEnd && count === this.#ahead.length;
    if (isFirst && rowsMax !== undefined && !isLast) return emptyPage;
    const rows = this.#ahead.splice(0, count);
    if (isLast) this.close();
    return { rows, isLast };
  }

  stop(reason: StopReason): void {
    this.stopped ??= reason;
    if (this.#isReading) this.#source.interrupt();
    else this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ahead = [];
    this.#source.close();
  }

  /**
   * Reads until there is one row more than the page can hold, or no more.
   *
   * @throws {ApiError} when the query fails or was stopped
   */
  async fill(rowsMax: number | undefined): Promise<void> {
    const limit = rowsMax ?? Infinity;
    while (!this.#isAtEnd && this.#pageRows(limit) === this.#ahead.length) {
      const rows = await this.#next();
      this.#isAtEnd = rows.length === 0;
      for (const row of rows) {
        this.bytesRead += row.length;
        if (row.length > pageBytesMax) {
          throw new ApiError(
            'QueryExecutionException',
            'Query aborted as max page response size has been exceeded by the output result row',
          );
        }
        this.#ahead.push(row);
      }
    }
  }

  async #next(): Promise<readonly string[]> {
    if (this.#isClosed) throw queryError(undefined, this.stopped ?? 'cancelled');
    this.#isReading = true;
    try {
      return await this.#source.next();
    } finally {
      this.#isReading = false;
    }
  }

  #pageRows(limit: number): number {
    let bytes = 0;
    let count = 0;
    for (const row of this.#ahead) {
      bytes += row.length;
      if (count >= limit || bytes > pageBytesMax) break;
      count += 1;
    }
    return count;
  }
}
