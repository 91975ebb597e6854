import { ClickHouseError as EngineError } from '@clickhouse/client';
import { ClickhouseError } from './errors.ts';

/** Why a request is sent again. A closed set: a metrics label. */
export type RetryReason =
  'throttled' | 'too_many_parts' | 'memory' | 'server_error' | 'connection' | 'timeout';

/** What a failed call means for the rows in it. */
export type Failure =
  /** The same request may pass later. */
  | { readonly kind: 'retry'; readonly reason: RetryReason }
  /** Nothing is stored because of at least one row, and the engine does not say which. */
  | { readonly kind: 'invalid'; readonly detail: string }
  /** No request can succeed until someone acts. */
  | { readonly kind: 'fatal' };

/** By number, since the names of some changed; the names are those of `ErrorCodes.cpp`. */
const retried: Readonly<Record<string, RetryReason>> = {
  '3': 'connection', // UNEXPECTED_END_OF_FILE
  '23': 'connection', // CANNOT_READ_FROM_ISTREAM
  '159': 'timeout', // TIMEOUT_EXCEEDED
  '160': 'timeout', // TOO_SLOW
  '201': 'throttled', // QUOTA_EXCEEDED
  '202': 'throttled', // TOO_MANY_SIMULTANEOUS_QUERIES
  '203': 'throttled', // NO_FREE_CONNECTION
  '209': 'timeout', // SOCKET_TIMEOUT
  '210': 'connection', // NETWORK_ERROR
  '236': 'server_error', // ABORTED: the server stops
  '241': 'memory', // MEMORY_LIMIT_EXCEEDED
  '242': 'server_error', // TABLE_IS_READ_ONLY: a replica without its Keeper
  '243': 'server_error', // NOT_ENOUGH_SPACE
  '252': 'too_many_parts', // TOO_MANY_PARTS
  '279': 'connection', // ALL_CONNECTION_TRIES_FAILED
  '285': 'server_error', // TOO_FEW_LIVE_REPLICAS
  '286': 'server_error', // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  '319': 'server_error', // UNKNOWN_STATUS_OF_INSERT
  '373': 'throttled', // SESSION_IS_LOCKED
  '394': 'server_error', // QUERY_WAS_CANCELLED: by an operator, or by a server that stops
  '425': 'server_error', // SYSTEM_ERROR
  '473': 'server_error', // DEADLOCK_AVOIDED
  '999': 'server_error', // KEEPER_EXCEPTION
};

/** What a batch is refused for when one of its rows is to blame. */
const invalid = new Set([
  '6', // CANNOT_PARSE_TEXT
  '33', // CANNOT_READ_ALL_DATA
  '53', // TYPE_MISMATCH
  '69', // ARGUMENT_OUT_OF_BOUND
  '117', // INCORRECT_DATA
  '131', // TOO_LARGE_STRING_SIZE
  '321', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '469', // VIOLATED_CONSTRAINT
]);

/** Errors of sockets and name servers, and broken HTTP; not those of TLS or of wrong arguments. */
const networkCode = /^(E(?!RR_)|HPE_)/;

/** Sorts what the client throws by what is to be done about it. */
export function classifyFailure(error: unknown): Failure {
  const engineCode = engineCodeOf(error);
  if (engineCode !== undefined) {
    const reason = retried[engineCode];
    if (reason !== undefined) return { kind: 'retry', reason };
    return invalid.has(engineCode)
      ? { kind: 'invalid', detail: describe(error).message }
      : { kind: 'fatal' };
  }
  if (!(error instanceof Error) || error instanceof ClickhouseError) return { kind: 'fatal' };
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || message === 'Timeout error.') {
    return { kind: 'retry', reason: 'timeout' };
  }
  if (code === undefined) {
    // A reply that is not ClickHouse's own: a proxy's page.
    const isProgramError = error instanceof TypeError || error instanceof RangeError;
    return isProgramError ? { kind: 'fatal' } : { kind: 'retry', reason: 'server_error' };
  }
  return networkCode.test(code) ? { kind: 'retry', reason: 'connection' } : { kind: 'fatal' };
}

/** The number of the engine's error; undefined for errors of others. */
function engineCodeOf(error: unknown): string | undefined {
  if (error instanceof EngineError) return error.code;
  // Old servers do not name the type, which the client looks for.
  return error instanceof Error ? /^Code: (\d+)[.,]/.exec(error.message)?.[1] : undefined;
}

/** Whether the engine itself refused a call, so that the same call is refused again. */
export function isRefusal(error: unknown): boolean {
  return engineCodeOf(error) !== undefined && classifyFailure(error).kind !== 'retry';
}

/** The error as a caller of the store sees it, who must act and whether waiting helps. */
export function asClickhouseError(action: string, error: unknown): ClickhouseError {
  if (error instanceof ClickhouseError) return error;
  const canRetry = classifyFailure(error).kind === 'retry';
  const { type, message, name, ...described } = describe(error);
  const code = engineCodeOf(error) ?? described.code ?? '';
  const exception = type ?? (code === '' ? name : code);
  const text = message.trim().replaceAll(/\s+/g, ' ').slice(0, 1_000);
  return new ClickhouseError(
    `${action}: ${exception}: ${text}${advice[code] ?? ''}`,
    {
      domain: isRefusal(error) ? 'user' : 'external',
      retry: canRetry ? 'backoff' : 'never',
      exception,
    },
    { cause: error },
  );
}

/** The engine names the right that is missing, so only what it does not say is added. */
const advice: Readonly<Record<string, string>> = {
  '164': ' The settings profile of the user allows reading only.',
  '192': ' Check the user and the password of the address.',
  '193': ' Check the user and the password of the address.',
  '194': ' Check the user and the password of the address.',
  '497': ' Grant this right to the user.',
  '516': ' Check the user and the password of the address.',
};

interface Described {
  readonly code?: string;
  readonly type?: string | undefined;
  readonly message: string;
  readonly name: string;
}

function describe(error: unknown): Described {
  return error instanceof Error ? error : { message: String(error), name: 'Error' };
}
