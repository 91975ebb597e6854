import type { ClickHouseSettings } from '@clickhouse/client';
import { Slots } from '@highwater/flow';
import type { Clock } from '@highwater/model';
import { QueryRefusedError, StoreUnavailableError, type ReaderOptions } from '@highwater/store-kit';
import { asClickhouseError, isRefusal } from '../classify-failure.ts';
import type { ClickhouseLogin } from '../clickhouse-login.ts';
import { Connection } from '../connection.ts';
import { placeOfError } from './place-of-error.ts';

/** The server ends a statement this much before we stop waiting for it, so that its reason is told. */
const serverEndsEarlierMs = 500;

/** Text of one result, at most. */
const resultBytesMax = 256 * 1024 * 1024;

/** What is sent with every statement, besides how long it may take. */
const sent: ClickHouseSettings = {
  max_result_bytes: String(resultBytesMax),
  // The partition follows from the time, which all versions of a row share.
  do_not_merge_across_partitions_select_final: 1,
  cancel_http_readonly_queries_on_client_close: 1,
};

/** What was read, and how. */
export interface Read<Value> {
  readonly value: Value;
  readonly bytesRead: number | undefined;
  readonly elapsedMs: number;
}

/** Statements that only read, a bounded number of them at a time. */
export class ReadingSession implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #slots: Slots;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(login: ClickhouseLogin, options: ReaderOptions) {
    const { requestsInFlightMax, requestTimeoutMs, clock } = options;
    this.#connection = new Connection(login, {
      socketsMax: requestsInFlightMax,
      timeoutMs: requestTimeoutMs,
      database: login.database,
    });
    this.#slots = new Slots(requestsInFlightMax);
    this.#clock = clock;
    this.#timeoutMs = requestTimeoutMs;
  }

  /** Rows of a statement of ours. 64-bit integers are texts. */
  rows(statement: string, signal: AbortSignal): Promise<Read<readonly (readonly unknown[])[]>> {
    return this.#run(signal, async (attempt) => {
      const settings = { ...this.#settings(), output_format_json_quote_64bit_integers: 1 } as const;
      const { text, bytesRead } = await this.#connection.query(statement, {
        format: 'JSONCompactEachRow',
        signal: attempt,
        settings,
      });
      const lines = text.split('\n').filter((line) => line !== '');
      return { value: lines.map((line) => JSON.parse(line) as unknown[]), bytesRead };
    });
  }

  /** The result of a statement that a person wrote, in `TabSeparatedWithNamesAndTypes`. */
  text(statement: string, rowsMax: number, signal: AbortSignal): Promise<Read<string>> {
    return this.#run(signal, async (attempt) => {
      const settings: ClickHouseSettings = {
        ...this.#settings(),
        readonly: await this.#strictestMode(attempt),
        max_result_rows: String(rowsMax),
        result_overflow_mode: 'break',
      };
      const { text, bytesRead } = await this.#connection.query(statement, {
        format: 'TabSeparatedWithNamesAndTypes',
        signal: attempt,
        settings,
      });
      return { value: text, bytesRead };
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }

  #settings(): ClickHouseSettings {
    const seconds = Math.max(1, (this.#timeoutMs - serverEndsEarlierMs) / 1000);
    return { ...sent, max_execution_time: seconds, readonly: '2' };
  }

  /**
   * In mode 1 a statement can neither change a setting nor reach files and other servers, such as by
   * `url()`, whatever the user may do. A user whose profile says 2 cannot leave that mode.
   */
  async #strictestMode(signal: AbortSignal): Promise<'1' | '2'> {
    const [[mode] = []] = await this.#connection.texts(`SELECT getSetting('readonly')`, { signal });
    return mode === '2' ? '2' : '1';
  }

  #run<Value>(
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<Omit<Read<Value>, 'elapsedMs'>>,
  ): Promise<Read<Value>> {
    return this.#slots.run(async () => {
      const startMs = this.#clock.monotonicMs();
      const timeout = AbortSignal.timeout(this.#timeoutMs);
      try {
        const read = await call(AbortSignal.any([signal, timeout]));
        return { ...read, elapsedMs: this.#clock.monotonicMs() - startMs };
      } catch (error) {
        signal.throwIfAborted();
        throw asReaderError(timeout.aborted ? timeout.reason : error);
      }
    }, signal);
  }
}

function asReaderError(error: unknown): Error {
  const { message, exception } = asClickhouseError('querying ClickHouse', error);
  if (!isRefusal(error) || exception === 'AUTHENTICATION_FAILED' || !(error instanceof Error)) {
    return new StoreUnavailableError(message, { cause: error });
  }
  const text = error.message.trim();
  return new QueryRefusedError(`${text}${readonlyAdvice(text)}`, placeOfError(text), {
    cause: error,
  });
}

/** Also said to a statement that wants to change the setting itself, hence the `if`. */
function readonlyAdvice(text: string): string {
  const setting = /Cannot modify '(\w+)' setting in readonly mode/.exec(text)?.[1];
  if (setting === undefined) return '';
  return setting in sent || setting === 'max_execution_time'
    ? ' If the profile of the user sets readonly = 1, set it to 2, because limits are sent with each statement.'
    : ' Leave out SETTINGS.';
}
