import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import type { Clock } from '@highwater/model';
import type { SqlType } from '../types/sql-type.ts';
import { encoderFor, type Encoder } from '../query/encode-datum.ts';

/** Rows are returned in parts of about this many characters, so that no part delays others. */
const partLengthMax = 250_000;

const interruptEveryMs = 50;

export interface RunningQueryOptions {
  readonly connect: () => Promise<DuckDBConnection>;
  readonly sql: string;
  readonly columnTypes: readonly SqlType[];
  readonly clock: Clock;
}

/**
 * A statement whose rows are computed on demand. It sees the tables as they were at the first row.
 */
export class RunningQuery {
  readonly #options: RunningQueryOptions;
  readonly #encoders: readonly Encoder[];
  #connection: DuckDBConnection | undefined;
  #result: DuckDBResult | undefined;
  #chunk: DuckDBDataChunk | undefined;
  /** The next row of the chunk. */
  #row = 0;
  #isReading = false;
  #deadlineMs = 0;
  #isClosed = false;
  /** Why it was interrupted, once it was. */
  #interruption: Error | undefined;
  /** Ends with the `next` that is interrupted. */
  #interrupting: Promise<void> | undefined;
  /** Aborts at the end of the current `next`. */
  #ended = new AbortController();

  constructor(options: RunningQueryOptions) {
    this.#options = options;
    this.#encoders = options.columnTypes.map(encoderFor);
  }

  /** DuckDB's number of its connection, once it has one. */
  get connectionId(): number | undefined {
    return this.#connection?.clientContext.connectionId;
  }

  /** Whether the call under way has time left. */
  get mayRun(): boolean {
    return !this.#interruption && this.#options.clock.monotonicMs() < this.#deadlineMs;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /**
   * Computes more rows.
   *
   * @param timeLeftMs after this time, the server will have asked for its end
   * @returns each as the JSON of its data; none at the end
   */
  async next(timeLeftMs: number): Promise<readonly string[]> {
    this.#isReading = true;
    this.#ended = new AbortController();
    this.#deadlineMs = this.#options.clock.monotonicMs() + timeLeftMs;
    try {
      const rows = await this.#read();
      if (rows.length === 0) this.close();
      return rows;
    } catch (error) {
      this.close();
      throw this.#interruption ?? error;
    } finally {
      this.#ended.abort();
      await this.#interrupting;
      this.#isReading = false;
      if (this.#isClosed) this.#connection?.closeSync();
    }
  }

  /** Ends the current `next` with this error. */
  interrupt(error: Error): void {
    if (this.#interruption || !this.#isReading) return;
    this.#interruption = error;
    this.#interrupting = this.#interruptUntilEnd();
  }

  /** Frees its resources, once nothing reads. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isReading) this.#connection?.closeSync();
  }

  /** An interrupt before DuckDB has started to compute has no effect, so once is not enough. */
  async #interruptUntilEnd(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      this.#connection?.interrupt();
      await this.#options.clock.sleep(interruptEveryMs, signal).catch(() => undefined);
    }
  }

  async #read(): Promise<readonly string[]> {
    if (this.#isClosed) return [];
    if (!this.#chunk || this.#row >= this.#chunk.rowCount) {
      this.#connection ??= await this.#options.connect();
      if (this.#interruption) throw this.#interruption;
      this.#result ??= await this.#connection.stream(this.#options.sql);
      this.#chunk = (await this.#result.fetchChunk()) ?? undefined;
      this.#row = 0;
    }
    // DuckDB crashes when asked for the columns of the empty chunk at the end.
    return this.#chunk && this.#chunk.rowCount > 0 ? this.#part(this.#chunk) : [];
  }

  #part(chunk: DuckDBDataChunk): readonly string[] {
    const rows: string[] = [];
    const vectors = this.#encoders.map((_, at) => chunk.getColumnVector(at));
    let length = 0;
    while (this.#row < chunk.rowCount && length < partLengthMax) {
      const row = this.#row;
      const data = this.#encoders.map((encode, at) => encode(vectors[at]?.getItem(row) ?? null));
      const text = JSON.stringify(data);
      length += text.length;
      rows.push(text);
      this.#row += 1;
    }
    return rows;
  }
}
