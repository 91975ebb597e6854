import { Slots } from '@highwater/flow';
import type { Clock } from '@highwater/model';
import { classifyFailure } from '../classify-failure.ts';
import type { Connection, Connections, RunOptions, Statement } from '../connections.ts';
import { readFailure } from './read-failure.ts';

/** Rows of a statement and how long it took. */
export interface ReadRows {
  readonly rows: readonly (readonly unknown[])[];
  readonly elapsedMs: number;
}

/** What sessions share. */
export interface ReadSessionOptions {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly requestsInFlightMax: number;
  readonly timeoutMs: number;
}

/** The server ends a statement first; without its answer the connection is given up. */
const graceMs = 1_000;
const declaration = 'declare parts no scroll cursor for';
/** Between two parts, the caller may take as long as it wants. */
const mayWait = 'set local idle_in_transaction_session_timeout = 0';

/** Transactions that read only, up to a number at once. */
export class ReadSession {
  readonly #options: ReadSessionOptions;
  readonly #slots: Slots;
  readonly #begin: string;

  constructor(options: ReadSessionOptions) {
    this.#options = options;
    this.#slots = new Slots(options.requestsInFlightMax);
    // What a role or a database sets otherwise would change how values are written.
    this.#begin = `begin transaction isolation level repeatable read read only;
      set local statement_timeout = ${Math.ceil(options.timeoutMs)};
      set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'postgres';
      set local extra_float_digits = 1; set local bytea_output = 'hex'`;
  }

  /**
   * Runs a task of our statements, in one transaction.
   *
   * @returns undefined when the tables are not there yet
   * @throws {StoreUnavailableError | QueryRefusedError}; the signal's reason when it aborts first
   */
  async rows(
    task: (connection: Connection) => Promise<ReadRows['rows']>,
    signal: AbortSignal,
  ): Promise<ReadRows | undefined> {
    try {
      return await this.#timed(task, signal, {});
    } catch (error) {
      signal.throwIfAborted();
      if (classifyFailure(error).kind === 'missing') return undefined;
      throw readFailure(error, () => undefined);
    }
  }

  /**
   * The rows of one of our statements in parts. One transaction sees all of them, and holds a
   * connection until the iteration ends. Each part has the time of a statement.
   *
   * @throws {StoreUnavailableError | QueryRefusedError}; the signal's reason when it aborts first
   */
  async *parts(
    statement: Statement,
    partRowsMax: number,
    signal: AbortSignal,
  ): AsyncGenerator<ReadRows['rows']> {
    const { connections } = this.#options;
    try {
      using _slot = await this.#slots.take(signal);
      // What is left of the transaction ends with the connection.
      using lent = await connections.lend(this.#inTime(signal), { cancels: true, isLast: true });
      await lent.run(async (connection) => {
        await connection.client.query(`${this.#begin}; ${mayWait}`);
        await connection.rows({ ...statement, text: `${declaration} ${statement.text}` });
      }, this.#inTime(signal));
      const fetch = { text: `fetch ${partRowsMax} from parts` };
      for (;;) {
        const rows = await lent.run((connection) => connection.rows(fetch), this.#inTime(signal));
        if (rows.length > 0) yield rows;
        if (rows.length < partRowsMax) return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (classifyFailure(error).kind === 'missing') return;
      throw readFailure(error, () => undefined);
    }
  }

  /** Runs a task on a connection that nobody uses after it. */
  once<T>(
    task: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly rows: T; readonly elapsedMs: number }> {
    return this.#timed(task, signal, { isLast: true });
  }

  async #timed<T>(
    task: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
    options: RunOptions,
  ): Promise<{ readonly rows: T; readonly elapsedMs: number }> {
    const { clock } = this.#options;
    return this.#slots.run(async () => {
      const startMs = clock.monotonicMs();
      const rows = await this.#run(task, signal, options).catch((error: unknown) => {
        // A connection that was idle may have been broken for long; reading again changes nothing.
        const failure = classifyFailure(error);
        const isBroken = failure.kind === 'retry' && failure.reason === 'connection';
        if (isBroken && !signal.aborted) return this.#run(task, signal, options);
        throw error;
      });
      return { rows, elapsedMs: clock.monotonicMs() - startMs };
    }, signal);
  }

  #run<T>(
    task: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
    options: RunOptions,
  ): Promise<T> {
    const inTransaction = async (connection: Connection) => {
      await connection.client.query(this.#begin);
      const result = await task(connection);
      // Nothing was written; and nothing that a function has set stays.
      await connection.client.query('rollback');
      return result;
    };
    const { connections } = this.#options;
    return connections.run(inTransaction, this.#inTime(signal), { cancels: true, ...options });
  }

  #inTime(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, AbortSignal.timeout(this.#options.timeoutMs + graceMs)]);
  }
}
