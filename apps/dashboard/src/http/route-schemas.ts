import type { z } from 'zod';

/** The schemas of a route's request and reply. */
export interface RouteSchemas {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** Of the body; undefined when there is none. */
  readonly request?: z.ZodType | undefined;
  readonly reply: z.ZodType;
}

const always = {
  403: 'A page of another site sent the request',
  421: 'The dashboard is not configured for this host name',
  429: 'Too many requests at the same time, or per second',
  500: 'The dashboard failed; see its log for the cause',
};

const withBody = {
  400: 'The request does not match its schema, or the store rejects the statement',
  408: 'The body did not arrive in time',
  413: 'The body is too large',
  415: 'The body is not JSON',
  503: 'The store does not answer, or there is not enough memory for the body',
};

/** The possible statuses of a route besides 200, with their meanings. */
export function errorsOf({
  method,
}: Pick<RouteSchemas, 'method'>): Readonly<Record<string, string>> {
  return method === 'GET' ? always : { ...always, ...withBody };
}
