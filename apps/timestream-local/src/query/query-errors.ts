import { SlotsBusyError } from '@highwater/flow';
import { EngineLostError } from '../engine/engine-child.ts';
import { ApiError } from '../http/api-error.ts';
import { SqlError } from '../sql/sql-error.ts';
import { isNoRoom } from '../store/explain-file-error.ts';
import { ownWords } from '../udf/own-words.ts';
import { statementMessage, valueMessage } from './trino-message.ts';

/** Why a query was stopped from outside. */
export type StopReason = 'cancelled' | 'timeout' | 'disconnected';

/**
 * The answer for an error of a query: a ValidationException for problems of the statement, a
 * QueryExecutionException for errors while it runs. The service's own distinction is not
 * documented.
 */
export function queryError(error: unknown, stopped?: StopReason, timeLimitMs = 0): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof SlotsBusyError) {
    const message = 'Too many queries are waiting. Try again later.';
    return new ApiError('ThrottlingException', message, { cause: error });
  }
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
  if (error instanceof EngineLostError && error.reason === 'memory') return outOfMemory(error);
  return duckError(error);
}

function outOfMemory(cause: unknown): ApiError {
  return new ApiError('QueryExecutionException', 'Query exceeded the memory limit.', { cause });
}

/**
 * DuckDB's messages never reach a client, because they mention its types and functions, and the
 * generated SQL. Known problems are reported in the words of the service's engine, and others with
 * a general sentence.
 */
function duckError(cause: unknown): ApiError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const own = ownWords(text);
  if (own !== undefined) return new ApiError('QueryExecutionException', own, { cause });
  const [, kind = '', rest = text] =
    /^(?:Failed to [a-z ]+: )?([A-Za-z ]+) Error: ([\s\S]*)$/.exec(text) ?? [];
  const message = (rest.split('\n')[0] ?? '').replace(/ when casting from source column .*$/, '');
  switch (kind) {
    case 'Binder':
    case 'Catalog':
    case 'Parser':
    case 'Not implemented': {
      const known = statementMessage(message);
      return new ApiError(
        'ValidationException',
        `line 1:1: ${known ?? 'the statement is not supported here'}`,
        { cause, isVague: known === undefined },
      );
    }
    case 'Out of Memory':
      return outOfMemory(cause);
    case '':
    case 'INTERNAL':
    case 'FATAL':
    case 'IO': {
      const isFull = isNoRoom(cause) ? ': no space left on its device' : '';
      return new ApiError(
        'InternalServerException',
        `The server failed to run the query${isFull}.`,
        {
          cause,
        },
      );
    }
    default: {
      const known = valueMessage(message);
      return new ApiError(
        'QueryExecutionException',
        known ?? 'The query failed on a value that is out of range or cannot be converted.',
        { cause, isVague: known === undefined },
      );
    }
  }
}
