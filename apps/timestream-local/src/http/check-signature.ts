import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './api-error.ts';

/** The key that requests must be signed with. */
export interface AccessKey {
  readonly id: string;
  /** Absent: the id alone is checked. */
  readonly secret?: string | undefined;
}

/** What a signature is made over. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8}\/[^/,]+\/[^/,]+\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Reads `id` or `id:secret`. */
export function parseAccessKey(text: string): AccessKey {
  const at = text.indexOf(':');
  return at === -1 ? { id: text } : { id: text.slice(0, at), secret: text.slice(at + 1) };
}

/**
 * Holds that a request is signed with the key, by Signature Version 4.
 *
 * @throws {ApiError} with the exceptions that AWS answers
 */
export function checkSignature(request: SignedRequest, key: AccessKey): void {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, id, scope = '', signedHeaders = '', signature = ''] = authorization.exec(header) ?? [];
  if (id !== key.id) {
    throw refusal(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (key.secret === undefined) return;
  const expected = sign(request, key.secret, scope, signedHeaders);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) {
    throw refusal(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}

function sign(
  request: SignedRequest,
  secret: string,
  scope: string,
  signedHeaders: string,
): string {
  const { method, url, headers, body } = request;
  const canonicalHeaders = signedHeaders.split(';').map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  const [path = '/', query = ''] = url.split('?');
  const canonical = [
    method,
    path,
    query,
    canonicalHeaders.join(''),
    signedHeaders,
    sha256(body),
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    String(headers['x-amz-date'] ?? ''),
    scope,
    sha256(canonical),
  ].join('\n');
  // Date, region and service narrow the key one after the other.
  let signingKey: Buffer | string = `AWS4${secret}`;
  for (const part of scope.split('/')) signingKey = hmac(signingKey, part);
  return hmac(signingKey, text).toString('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function refusal(
  name:
    | 'MissingAuthenticationTokenException'
    | 'UnrecognizedClientException'
    | 'InvalidSignatureException',
  message: string,
): ApiError {
  return new ApiError(name, message, { namespace: 'protocol' });
}
