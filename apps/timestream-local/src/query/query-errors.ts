import { ApiError } from '../http/api-error.ts';
import { SqlError } from '../sql/sql-error.ts';
import { trinoMessage } from './trino-message.ts';

/** Why a query was stopped from outside. */
export type StopReason = 'cancelled' | 'timeout' | 'disconnected';

/**
 * The answer for an error of a query: what is wrong with the statement is a ValidationException,
 * what goes wrong while it runs a QueryExecutionException. Where the service draws the line is not
 * documented.
 */
export function queryError(error: unknown, stopped?: StopReason, timeLimitMs = 0): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SqlError) {
    return new ApiError('ValidationException', error.message, { cause: error });
  }
  if (stopped === 'timeout') {
    const message = `Query exceeded the maximum run time of ${timeLimitMs / 1000} seconds.`;
    return new ApiError('QueryExecutionException', message, { cause: error });
  }
  if (stopped !== undefined) {
    return new ApiError('QueryExecutionException', 'Query was canceled.', { cause: error });
  }
  return duckError(error);
}

/** DuckDB's messages begin with a kind and may end with the SQL we wrote, which is nobody's business. */
function duckError(cause: unknown): ApiError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, kind = '', rest = text] = /^([A-Za-z ]+) Error: ([\s\S]*)$/.exec(text) ?? [];
  const message = trinoMessage(
    (rest.split('\n')[0] ?? '').replace(/ when casting from source column .*$/, ''),
  );
  switch (kind) {
    case 'Binder':
    case 'Catalog':
    case 'Parser':
    case 'Not implemented':
      return new ApiError('ValidationException', `line 1:1: not supported here: ${message}`, {
        cause,
      });
    case 'Out of Memory':
      return new ApiError('QueryExecutionException', 'Query exceeded the memory limit.', { cause });
    case '':
    case 'INTERNAL':
    case 'FATAL':
    case 'IO':
      return new ApiError('InternalServerException', 'The server failed to run the query.', {
        cause,
      });
    default:
      return new ApiError('QueryExecutionException', message, { cause });
  }
}
