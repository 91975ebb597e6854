import { ApiError } from '../http/api-error.ts';
import type { ColumnInfo } from './column-info.ts';
import type { StopReason } from './query-errors.ts';
import { queryError } from './query-errors.ts';
import type { EncodedRow, RowSource } from './row-source.ts';

/** The most that the rows of one page take, as JSON. */
const pageBytesMax = 1_000_000;

export interface QueryPage {
  readonly rows: readonly EncodedRow[];
  readonly isLast: boolean;
}

export interface OpenQueryOptions {
  readonly id: string;
  readonly text: string;
  readonly columns: readonly ColumnInfo[];
  readonly source: RowSource;
  /** SHOW and DESCRIBE scan nothing. */
  readonly isMetadata: boolean;
}

interface SizedRow {
  readonly row: EncodedRow;
  readonly bytes: number;
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
  /** Read from the source, but not yet given out. */
  #ahead: SizedRow[] = [];
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

  /** Whether a call computes or waits for its turn. */
  get isBusy(): boolean {
    return this.#turns > 0;
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
   * Reads the next page.
   *
   * @throws {ApiError} when the query fails or was stopped
   */
  async read(rowsMax: number | undefined, isFirst: boolean): Promise<QueryPage> {
    await this.fill(rowsMax);
    return this.take(rowsMax, isFirst);
  }

  /**
   * Gives out the next page of what `fill` has read.
   *
   * @param isFirst as captured: with a bound on rows that the result exceeds, the first page is empty
   */
  take(rowsMax: number | undefined, isFirst: boolean): QueryPage {
    const limit = rowsMax ?? Infinity;
    const count = this.#pageRows(limit);
    const isLast = this.#isAtEnd && count === this.#ahead.length;
    if (isFirst && rowsMax !== undefined && !isLast) return { rows: [], isLast: false };
    const rows = this.#ahead.splice(0, count).map(({ row }) => row);
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
        const bytes = JSON.stringify(row).length;
        this.bytesRead += bytes;
        if (bytes > pageBytesMax) {
          throw new ApiError(
            'QueryExecutionException',
            'Query aborted as max page response size has been exceeded by the output result row',
          );
        }
        this.#ahead.push({ row, bytes });
      }
    }
  }

  async #next(): Promise<readonly EncodedRow[]> {
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
      bytes += row.bytes;
      if (count >= limit || bytes > pageBytesMax) break;
      count += 1;
    }
    return count;
  }
}
