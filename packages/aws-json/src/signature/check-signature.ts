import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The key that requests must be signed with. */
export interface AccessKey {
  readonly id: string;
  /** If undefined, only the id is checked. */
  readonly secret?: string | undefined;
}

/** The parts that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is wrong with a signature: a closed set. */
export type SignatureProblem = 'missing' | 'unknown_key' | 'wrong';

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const bodyHashHeader = 'x-amz-content-sha256';
const amzDate = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Reads `id` or `id:secret`. */
export function parseAccessKey(text: string): AccessKey {
  const at = text.indexOf(':');
  return at === -1 ? { id: text } : { id: text.slice(0, at), secret: text.slice(at + 1) };
}

/**
 * Verifies that a request is signed with the key, according to Signature Version 4: signs it again
 * with its own date, region, and service, and compares.
 *
 * Does not check the age of the date.
 *
 * @returns undefined when the signature is valid
 */
export async function checkSignature(
  request: SignedRequest,
  key: AccessKey,
): Promise<SignatureProblem | undefined> {
  const header = request.headers.authorization;
  if (header === undefined) return 'missing';
  const [, id, day = '', region = '', service = '', signedHeaders = '', signature = ''] =
    authorization.exec(header) ?? [];
  if (id !== key.id) return 'unknown_key';
  if (key.secret === undefined) return undefined;
  const signingDate = dateOf(request.headers['x-amz-date'], day);
  if (signingDate === undefined) return 'wrong';
  const signer = new SignatureV4({
    credentials: { accessKeyId: id, secretAccessKey: key.secret },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const signableHeaders = new Set(signedHeaders.split(';'));
  const signed = await signer.sign(toSign(request, signableHeaders), {
    signingDate,
    signableHeaders,
  });
  const expected = signed.headers['authorization']?.slice(-signature.length) ?? '';
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? undefined : 'wrong';
}

/** The request as its client signed it: with only the headers that the client lists as signed. */
function toSign({ method, url, headers, body }: SignedRequest, signed: ReadonlySet<string>) {
  const [path = '/', search = ''] = url.split('?');
  const parameters = new URLSearchParams(search);
  const query = Object.fromEntries(
    [...parameters.keys()].map((name) => [name, parameters.getAll(name)]),
  );
  const own: Record<string, string> = {};
  for (const name of signed) {
    if (headers[name] !== undefined) own[name] = String(headers[name]);
  }
  // The signer trusts this header, which is only the client's claim about the body.
  if (bodyHashHeader in own) own[bodyHashHeader] = createHash('sha256').update(body).digest('hex');
  return { method, protocol: 'http:', hostname: 'server', path, query, headers: own, body };
}

/** @returns undefined when it is not a date on that day, as `YYYYMMDD` */
function dateOf(header: string | string[] | undefined, day: string): Date | undefined {
  if (typeof header !== 'string' || !header.startsWith(day)) return undefined;
  const date = new Date(header.replace(amzDate, '$1-$2-$3T$4:$5:$6Z'));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
