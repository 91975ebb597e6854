import { describe, expect, it } from 'vitest';
import { explainFailure, type Attempt } from '../../src/doctor/explain-failure.ts';

const attempt: Attempt = {
  what: 'stream points',
  action: 'kinesis:GetRecords',
  resource: 'arn:aws:kinesis:eu-west-1:*:stream/points',
  endpoint: { variable: 'AWS_ENDPOINT_URL_KINESIS', url: undefined },
  ifMissing: 'create it',
};
const named = (name: string, more: object = {}) =>
  Object.assign(new Error(`the words of ${name}`), { name, ...more });

describe('explainFailure', () => {
  it.each([
    {
      error: named('AccessDeniedException'),
      found: /GetRecords is not allowed/,
      fix: /allow kin.* on arn:aws:kinesis:eu-west-1:\*:stream\/points in/,
    },
    { error: named('AccessDenied'), found: /GetRecords is not allowed/, fix: /allow kinesis/ },
    { error: named('KMSAccessDeniedException'), found: /the encryption key/, fix: /kms:Decrypt/ },
    { error: named('Error', { code: 'ECONNREFUSED' }), found: /AWS does not answer/, fix: /netw/ },
    { error: named('TimeoutError'), found: /AWS does not answer/, fix: /network/ },
    { error: named('ExpiredTokenException'), found: /the words of Exp/, fix: /set credentials/ },
    { error: named('CredentialsProviderError'), found: /the words/, fix: /set credentials/ },
    { error: named('RequestTimeTooSkewed'), found: /the words of/, fix: /clock/ },
    { error: named('ResourceNotFoundException'), found: /does not exist/, fix: /create it/ },
    { error: named('SomethingNew'), found: /GetRecords: SomethingNew: the words/, fix: /^$/ },
  ])('explains $error.name and the fix', ({ error, found, fix }) => {
    const finding = explainFailure(error, attempt);
    expect(finding).toMatchObject({ what: 'stream points', verdict: 'fail' });
    expect(finding.found).toMatch(found);
    expect(finding.fix ?? '').toMatch(fix);
  });

  it('repeats the message of the service, not the wording that Highwater adds', () => {
    const cause = new Error('the words of the service');
    const error = Object.assign(new Error('getting records of points: and so on'), {
      exception: 'SomethingNew',
      cause,
    });
    expect(explainFailure(error, attempt).found).toBe(
      'kinesis:GetRecords: SomethingNew: the words of the service',
    );
  });

  it('names the server that does not answer, and its setting', () => {
    const url = 'http://127.0.0.1:1';
    const endpoint = { ...attempt.endpoint, url };
    const error = named('Error', { code: 'ECONNREFUSED' });
    const { found, fix } = explainFailure(error, { ...attempt, endpoint });
    expect(found).toContain(url);
    expect(fix).toContain('AWS_ENDPOINT_URL_KINESIS');
  });
});
