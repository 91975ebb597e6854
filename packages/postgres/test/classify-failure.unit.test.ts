import { DatabaseError } from 'pg';
import { expect, it } from 'vitest';
import { asPostgresError, classifyFailure } from '../src/classify-failure.ts';
import { PostgresError } from '../src/errors.ts';

function refused(code: string): DatabaseError {
  const error = new DatabaseError('refused', 0, 'error');
  error.code = code;
  return error;
}

function broken(code: string): Error {
  return Object.assign(new Error('broken'), { code });
}

it.each([
  ['57P01', 'connection'],
  ['57P02', 'connection'],
  ['57P03', 'connection'],
  ['08006', 'connection'],
  ['57014', 'timeout'],
  ['25006', 'endpoint_moved'],
  ['40001', 'server_error'],
  ['40P01', 'server_error'],
  ['53300', 'server_error'],
  ['53100', 'server_error'],
])('tries again after %s', (code, reason) => {
  expect(classifyFailure(refused(code))).toEqual({ kind: 'retry', reason });
  expect(asPostgresError('writing', refused(code))).toMatchObject({
    domain: 'external',
    retry: 'backoff',
    message: `writing: ${code}: refused`,
  });
});

it.each([
  ['a refused connection', broken('ECONNREFUSED')],
  ['a reset connection', broken('ECONNRESET')],
  ['a name that is not known yet', broken('ENOTFOUND')],
  ['what the client says in words only', new Error('Connection terminated unexpectedly')],
])('tries again after %s', (_, error) => {
  expect(classifyFailure(error)).toEqual({ kind: 'retry', reason: 'connection' });
});

it.each([
  ['a missing right', refused('42501')],
  ['a value that no column takes', refused('22P05')],
  ['a certificate that is not trusted', broken('DEPTH_ZERO_SELF_SIGNED_CERT')],
  ['a certificate of another host', broken('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['a bug of ours', new TypeError('undefined is not a function')],
  ['what is no error', 'text'],
])('ends at %s', (_, error) => {
  expect(classifyFailure(error)).toEqual({ kind: 'fatal' });
  expect(asPostgresError('writing', error)).toMatchObject({ retry: 'never' });
});

it('tries again when the password cannot be had, and ends when there is none', () => {
  const kind = { domain: 'external', retry: 'backoff' } as const;
  expect(classifyFailure(new PostgresError('no token', kind))).toEqual({
    kind: 'retry',
    reason: 'signature_expired',
  });
  const none = new PostgresError('none', { domain: 'user', retry: 'never' });
  expect(classifyFailure(none)).toEqual({ kind: 'fatal' });
});
