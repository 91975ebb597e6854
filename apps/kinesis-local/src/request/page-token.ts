import { ServiceException } from '@highwater/kinesis-engine';

/** Validity of a token. */
const tokenLifeMs = 300_000;

/** Packs the position of a listing, for the client to send back. */
export function encodeToken(page: object, nowMs: number): string {
  return Buffer.from(JSON.stringify({ ...page, issuedMs: nowMs })).toString('base64');
}

/**
 * Unpacks a token.
 *
 * @throws {ServiceException} ExpiredNextTokenException after five minutes, InvalidArgumentException
 * when it is not a token of this server
 */
export function decodeToken(token: string, nowMs: number): Readonly<Record<string, unknown>> {
  let page: { readonly [member: string]: unknown; readonly issuedMs?: unknown } | undefined;
  try {
    page = JSON.parse(Buffer.from(token, 'base64').toString()) as typeof page;
  } catch {
    page = undefined;
  }
  if (typeof page?.issuedMs !== 'number') {
    throw new ServiceException('InvalidArgumentException', 'The NextToken is invalid.');
  }
  if (nowMs - page.issuedMs > tokenLifeMs) {
    throw new ServiceException(
      'ExpiredNextTokenException',
      `The NextToken is older than ${tokenLifeMs / 1000} seconds.`,
    );
  }
  return page;
}
