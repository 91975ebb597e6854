import { HighwaterError } from '@highwater/model';
import { DatabaseError } from 'pg';
import { PostgresError } from './errors.ts';

/** Why a statement is sent again. A closed set: a metrics label. */
export type RetryReason =
  'connection' | 'timeout' | 'server_error' | 'endpoint_moved' | 'signature_expired';

/** What a failed statement means. */
export type Failure =
  /** The same statement may pass later. */
  | { readonly kind: 'retry'; readonly reason: RetryReason }
  /** No partition takes a row's time. */
  | { readonly kind: 'no_partition' }
  /** The password or token was not taken; a new one may be. */
  | { readonly kind: 'not_authenticated' }
  /** A schema or a table is not there. */
  | { readonly kind: 'missing' }
  /** No statement can succeed until someone acts. */
  | { readonly kind: 'fatal' };

/** SQLSTATEs, or the class of many in their first two characters. */
const byState: Readonly<Record<string, Failure>> = {
  // The connection broke, or was refused.
  '08': { kind: 'retry', reason: 'connection' },
  // The server shuts down, crashes, or starts.
  '57P01': { kind: 'retry', reason: 'connection' },
  '57P02': { kind: 'retry', reason: 'connection' },
  '57P03': { kind: 'retry', reason: 'connection' },
  '57P05': { kind: 'retry', reason: 'connection' },
  // A transaction took longer than the server allows, and the server has ended the connection.
  '25P03': { kind: 'retry', reason: 'connection' },
  '25P04': { kind: 'retry', reason: 'connection' },
  // A statement that was cancelled has taken too long.
  '57014': { kind: 'retry', reason: 'timeout' },
  // What was the primary takes reads only: the next connection may find the new one.
  '25006': { kind: 'retry', reason: 'endpoint_moved' },
  // Deadlocks and failed serialisation, whoever else takes part.
  '40': { kind: 'retry', reason: 'server_error' },
  // Disk, memory, connections.
  '53': { kind: 'retry', reason: 'server_error' },
  // A lock that was not to be had.
  '55P03': { kind: 'retry', reason: 'server_error' },
  // Input and output of the server.
  '58': { kind: 'retry', reason: 'server_error' },
  '23514': { kind: 'no_partition' },
  '28': { kind: 'not_authenticated' },
  '3F000': { kind: 'missing' },
  '42P01': { kind: 'missing' },
};

/** Errors of sockets and name servers; not those of TLS (`ERR_…`) or of wrong arguments. */
const networkCode = /^E(?!RR_)[A-Z_]+$/;

/** Errors that the client makes itself have no code; these can only be ended by the operator. */
const hopeless = new Set(['The server does not support SSL connections']);

/** Sorts what `pg` throws by what is to be done about it. */
export function classifyFailure(error: unknown): Failure {
  // Of ours only what gives the password can fail for a while.
  if (error instanceof HighwaterError) {
    return error.retry === 'backoff'
      ? { kind: 'retry', reason: 'signature_expired' }
      : { kind: 'fatal' };
  }
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    // A constraint that somebody has added; a missing partition has no name.
    if (state === '23514' && error.constraint !== undefined) return { kind: 'fatal' };
    return byState[state] ?? byState[state.slice(0, 2)] ?? { kind: 'fatal' };
  }
  if (!(error instanceof Error)) return { kind: 'fatal' };
  if (error.name === 'TimeoutError') return { kind: 'retry', reason: 'timeout' };
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) {
    return networkCode.test(code) ? { kind: 'retry', reason: 'connection' } : { kind: 'fatal' };
  }
  // Broken connections, of which the client says so in words only.
  const isBroken = error.constructor === Error && !hopeless.has(error.message);
  return isBroken ? { kind: 'retry', reason: 'connection' } : { kind: 'fatal' };
}

/** The error as a caller of the store sees it, who must act and whether waiting helps. */
export function asPostgresError(action: string, error: unknown, advice = ''): PostgresError {
  if (error instanceof PostgresError) return error;
  if (error instanceof HighwaterError) {
    const { domain, retry, message } = error;
    return new PostgresError(`${action}: ${message}`, { domain, retry }, { cause: error });
  }
  const canRetry = classifyFailure(error).kind === 'retry';
  const { code, message } = error as { code?: string; message?: string };
  const what = [code, message ?? String(error)].filter((part) => part !== undefined).join(': ');
  return new PostgresError(
    `${action}: ${what}${advice === '' ? '' : `; ${advice}`}`,
    canRetry
      ? { domain: 'external', retry: 'backoff' }
      : { domain: error instanceof DatabaseError ? 'user' : 'external', retry: 'never' },
    { cause: error },
  );
}
