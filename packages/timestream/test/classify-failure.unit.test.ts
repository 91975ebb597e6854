import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../src/classify-failure.ts';

function errorOf(fields: object): Error {
  return Object.assign(new Error('text'), fields);
}

describe('classifyFailure', () => {
  it.each([
    ['ECONNREFUSED', 'connection'],
    ['ENOTFOUND', 'connection'],
    ['HPE_INVALID_CONSTANT', 'connection'],
  ])('retries when the network reports %s', (code, reason) => {
    expect(classifyFailure(errorOf({ code }))).toEqual({ kind: 'retry', reason });
  });

  it('retries with a signature that the SDK corrects', () => {
    const error = errorOf({ name: 'RequestTimeTooSkewed', $metadata: { httpStatusCode: 403 } });
    expect(classifyFailure(error)).toEqual({ kind: 'retry', reason: 'signature_expired' });
  });

  it.each([
    ['an expired certificate', { code: 'CERT_HAS_EXPIRED' }],
    ['a wrong argument', { code: 'ERR_INVALID_ARG_TYPE' }],
    ['missing credentials', { name: 'CredentialsProviderError' }],
    ['an unknown refusal', { $metadata: { httpStatusCode: 418 } }],
  ])('does not retry after %s', (_, fields) => {
    expect(classifyFailure(errorOf(fields))).toEqual({ kind: 'fatal' });
  });

  it('treats a rejection without a list as a rejection of the whole request', () => {
    const error = errorOf({ name: 'RejectedRecordsException', RejectedRecords: [] });
    expect(classifyFailure(error)).toEqual({ kind: 'invalid', detail: 'text' });
  });
});
