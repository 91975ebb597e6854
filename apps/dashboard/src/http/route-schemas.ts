import type { z } from 'zod';

/** What a route takes and gives. */
export interface RouteSchemas {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** Of the body; absent where there is none. */
  readonly request?: z.ZodType | undefined;
  readonly reply: z.ZodType;
}

const always = {
  403: 'A page of another site sent the request',
  421: 'The dashboard is not known by this host name',
  429: 'More is asked at once, or a second, than is answered',
  500: 'The dashboard failed; its log says why',
};

const withBody = {
  400: 'The request is not as described, or the store refuses the statement',
  408: 'The body did not arrive in time',
  413: 'The body is too large',
  415: 'The body is not JSON',
  503: 'The store does not answer, or there is no room for the body',
};

/** The statuses that a route may answer besides 200, with what they mean. */
export function errorsOf({
  method,
}: Pick<RouteSchemas, 'method'>): Readonly<Record<string, string>> {
  return method === 'GET' ? always : { ...always, ...withBody };
}
