import { ClickHouseError as EngineError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { asClickhouseError, classifyFailure } from '../src/classify-failure.ts';

function engineError(code: string, type = 'SOME_TYPE', message = 'said the engine'): EngineError {
  return new EngineError({ code, type, message });
}

function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

describe('classifyFailure', () => {
  it.each([
    [engineError('252'), 'too_many_parts'],
    [engineError('241'), 'memory'],
    [engineError('202'), 'throttled'],
    [engineError('159'), 'timeout'],
    [engineError('242'), 'server_error'],
    [networkError('ECONNREFUSED'), 'connection'],
    [networkError('ECONNRESET'), 'connection'],
    [networkError('ENOTFOUND'), 'connection'],
    [new Error('Timeout error.'), 'timeout'],
    [new DOMException('The operation timed out', 'TimeoutError'), 'timeout'],
    [new Error('<html><h1>502 Bad Gateway</h1></html>'), 'server_error'],
  ])('tries again after %s: %s', (error, reason) => {
    expect(classifyFailure(error)).toEqual({ kind: 'retry', reason });
  });

  it.each([
    engineError('497', 'ACCESS_DENIED'),
    engineError('516', 'AUTHENTICATION_FAILED'),
    engineError('60', 'UNKNOWN_TABLE'),
    new Error('Code: 193, e.displayText() = DB::Exception: Wrong password for user default'),
    networkError('ERR_TLS_CERT_ALTNAME_INVALID'),
    networkError('DEPTH_ZERO_SELF_SIGNED_CERT'),
    new TypeError('not a function'),
  ])('does not try again after %s', (error) => {
    expect(classifyFailure(error)).toEqual({ kind: 'fatal' });
  });

  it('blames a row for a batch that cannot be read', () => {
    expect(classifyFailure(engineError('33'))).toEqual({
      kind: 'invalid',
      detail: 'said the engine',
    });
  });
});

describe('asClickhouseError', () => {
  it('keeps the engine’s words, which name the right that is missing', () => {
    const message =
      "writer: Not enough privileges. To execute this query, it's necessary to have the grant INSERT(version) ON highwater.raw";
    expect(
      asClickhouseError('opening', engineError('497', 'ACCESS_DENIED', message)),
    ).toMatchObject({
      message: `opening: ACCESS_DENIED: ${message} Grant this right to the user.`,
      domain: 'user',
      retry: 'never',
      exception: 'ACCESS_DENIED',
    });
  });

  it('tells a network’s error apart from a refusal', () => {
    expect(asClickhouseError('writing', networkError('ECONNREFUSED'))).toMatchObject({
      domain: 'external',
      retry: 'backoff',
      exception: 'ECONNREFUSED',
    });
  });
});
