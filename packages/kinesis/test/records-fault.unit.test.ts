import { HighwaterError, type ErrorDomain } from '@highwater/model';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KinesisError, LeaseLostError, StateError } from '../src/errors.ts';
import { isRecordsFault } from '../src/consuming/records-fault.ts';

class Domained extends HighwaterError {
  override readonly name = 'Domained';
  readonly code = 'HW_TEST_DOMAINED';
  readonly retry = 'never';
  readonly domain: ErrorDomain;

  constructor(domain: ErrorDomain) {
    super(domain);
    this.domain = domain;
  }
}

const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.unreachable('it did not throw');
};

const withCode = (code: string) => Object.assign(new Error('socket hang up'), { code });

describe('isRecordsFault', () => {
  it.each([
    ['a TypeError', thrownBy(() => (undefined as unknown as string).length)],
    ['a RangeError of the language', thrownBy(() => 'x'.repeat(-1))],
    ['a RangeError of Node', thrownBy(() => Buffer.alloc(1).readUInt32LE(0))],
    ['an assertion', thrownBy(() => assert(false, 'never'))],
    ['a SyntaxError', thrownBy(() => JSON.parse('{') as unknown)],
    ['a plain error', new Error('cannot be')],
    ['our own bug', new Domained('internal')],
    ['something that is no error', 'thrown as it is'],
    ['one with a harmless cause', new Error('outer', { cause: new RangeError('inner') })],
  ])('may blame a record for %s', (_, error) => {
    expect(isRecordsFault(error)).toBe(true);
  });

  it.each([
    ['a remote system', new Domained('external')],
    ['a setting', new Domained('user')],
    ['a stream', new KinesisError('PutRecords', 'AccessDeniedException', 'no')],
    ['a snapshot', new StateError('key', 'gone')],
    ['a lost lease', new LeaseLostError('shardId-0', 2)],
    ['an abort', thrownBy(() => AbortSignal.abort().throwIfAborted())],
    ['a disk', thrownBy(() => readFileSync('/nowhere/at/all'))],
    ['a connection', withCode('ECONNRESET')],
    ['a database', withCode('57P01')],
    ['a stream of Node', withCode('ERR_STREAM_PREMATURE_CLOSE')],
    ['a reply of AWS', Object.assign(new Error('slow down'), { $metadata: {}, $fault: 'server' })],
    ['a fetch without a network', new TypeError('fetch failed', { cause: withCode('ENOTFOUND') })],
    ['one of several', new AggregateError([new Error('a'), withCode('ECONNREFUSED')])],
    [
      'a cause of a cause',
      new Error('a', { cause: new Error('b', { cause: new Domained('user') }) }),
    ],
  ])('never blames a record for %s', (_, error) => {
    expect(isRecordsFault(error)).toBe(false);
  });

  it('may blame a record for a value that became too large to create', () => {
    expect(isRecordsFault(withCode('ERR_STRING_TOO_LONG'))).toBe(true);
  });

  it('terminates for circular causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(isRecordsFault(error)).toBe(true);
  });
});
