import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** Where in a statement something is wrong, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The store refused a query: it is wrong, or asks for what is not there. */
export class QueryRefusedError extends HighwaterError {
  override readonly name = 'QueryRefusedError';
  readonly code = 'HW_STORE_QUERY_REFUSED';
  readonly domain: ErrorDomain = 'user';
  readonly retry: ErrorRetry = 'never';
  readonly place: TextPlace | undefined;

  constructor(message: string, place?: TextPlace, options?: ErrorOptions) {
    super(message, options);
    this.place = place;
  }
}

/** The store does not answer, or cannot. */
export class StoreUnavailableError extends HighwaterError {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'HW_STORE_UNAVAILABLE';
  readonly domain: ErrorDomain = 'external';
  readonly retry: ErrorRetry = 'backoff';
}
