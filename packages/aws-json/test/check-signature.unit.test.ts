import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSignature, type SignedRequest } from '../src/signature/check-signature.ts';

const key = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** `post-vanilla` and `post-x-www-form-urlencoded` of the test suite that AWS published. */
const published: readonly SignedRequest[] = [
  {
    method: 'POST',
    url: '/',
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: authorization(
        'host;x-amz-date',
        '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
      ),
    },
    body: Buffer.alloc(0),
  },
  {
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: authorization(
        'content-type;host;x-amz-date',
        'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
      ),
    },
    body: Buffer.from('Param1=value1'),
  },
];

function authorization(signedHeaders: string, signature: string): string {
  const scope = '20150830/us-east-1/service/aws4_request';
  return `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** A request as an SDK sends it: with a header that was not signed, a token, and the body's hash. */
async function signedRequest(body: string): Promise<SignedRequest> {
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: 'a token' },
    region: 'eu-west-1',
    service: 'timestream',
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: 'localhost',
    path: '/',
    headers: { host: 'localhost:1234', 'content-type': 'application/x-amz-json-1.0' },
    body,
  });
  const received = { ...headers, 'user-agent': 'an SDK' };
  return { method: 'POST', url: '/', headers: received, body: Buffer.from(body) };
}

describe('checkSignature', () => {
  it.each(published)('accepts the requests that AWS published, request %#', async (request) => {
    expect(await checkSignature(request, key)).toBeUndefined();
  });

  it('accepts every request that an SDK signs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
        expect(await checkSignature(await signedRequest(body.toWellFormed()), key)).toBeUndefined();
      }),
    );
  });

  it('rejects a request after a change to any signed part', async () => {
    const request = await signedRequest('{"DatabaseName":"db"}');
    const { headers } = request;
    const signed = String(headers.authorization);
    const isRefused = async (changed: Partial<SignedRequest>) =>
      expect(await checkSignature({ ...request, ...changed }, key)).toBe('wrong');
    await isRefused({ body: Buffer.from('{"DatabaseName":"dc"}') });
    await isRefused({ method: 'GET' });
    await isRefused({ url: '/other' });
    await isRefused({ url: '/?constructor=1' });
    for (const name of ['host', 'content-type', 'x-amz-date', 'x-amz-security-token']) {
      await isRefused({ headers: { ...headers, [name]: `${String(headers[name])}1` } });
      const { [name]: _, ...others } = headers;
      await isRefused({ headers: others });
    }
    for (const [from, to] of [
      [/\/\d{8}\//, '/20200101/'],
      ['eu-west-1', 'eu-west-2'],
      ['timestream', 'kinesis'],
      ['SignedHeaders=content-type;', 'SignedHeaders='],
      ['SignedHeaders=', 'SignedHeaders=__proto__;constructor;'],
      [/[0-9a-f]$/, (digit: string) => (digit === '0' ? '1' : '0')],
    ] as const) {
      const changed = signed.replace(from, to as string);
      expect(changed).not.toBe(signed);
      await isRefused({ headers: { ...headers, authorization: changed } });
    }
    expect(await checkSignature(request, { ...key, secret: 'another' })).toBe('wrong');
    expect(await checkSignature(request, { ...key, id: 'another' })).toBe('unknown_key');
  });

  it('rejects a body that does not match its signed hash, even when the signature fits the hash', async () => {
    const request = await signedRequest('[]');
    expect(Object.keys(request.headers)).toContain('x-amz-content-sha256');
    expect(await checkSignature({ ...request, body: Buffer.from('{}') }, key)).toBe('wrong');
  });

  it('never throws, whatever a client sends', async () => {
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('20200101T000000Z', '20209901T000000Z', '20200231T000000Z', '20200101'),
        text,
        fc.string(),
        async (url, date, names, method) => {
          const signed = `AWS4-HMAC-SHA256 Credential=${key.id}/${date.slice(0, 8)}/r/s/aws4_request, SignedHeaders=${names.replaceAll(',', '')}, Signature=${'0'.repeat(64)}`;
          const headers = { authorization: signed, 'x-amz-date': date };
          const problem = await checkSignature(
            { method, url, headers, body: Buffer.alloc(0) },
            key,
          );
          expect(problem).toMatch(/^(wrong|unknown_key)$/);
        },
      ),
    );
  });
});
