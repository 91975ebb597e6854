import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** The position of an error in a statement, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The store rejected a query: it is wrong, or asks for something that does not exist. */
export class QueryRefusedError extends HighwaterError {
  override readonly name = 'QueryRefusedError';
  readonly code = 'HW_DASHBOARD_QUERY_REFUSED';
  readonly domain: ErrorDomain = 'user';
  readonly retry: ErrorRetry = 'never';
  readonly place: TextPlace | undefined;

  constructor(message: string, place?: TextPlace, options?: ErrorOptions) {
    super(message, options);
    this.place = place;
  }
}

/** The store does not answer, or is unavailable. */
export class StoreUnavailableError extends HighwaterError {
  override readonly name = 'StoreUnavailableError';
  readonly code = 'HW_DASHBOARD_STORE_UNAVAILABLE';
  readonly domain: ErrorDomain = 'external';
  readonly retry: ErrorRetry = 'backoff';
}

/** More simultaneous requests than the dashboard passes on. */
export class BusyError extends HighwaterError {
  override readonly name = 'BusyError';
  readonly code = 'HW_DASHBOARD_BUSY';
  readonly domain: ErrorDomain = 'user';
  readonly retry: ErrorRetry = 'backoff';
}

/** The page cannot be built, or is missing. */
export class PageMissingError extends HighwaterError {
  override readonly name = 'PageMissingError';
  readonly code = 'HW_DASHBOARD_PAGE_MISSING';
  readonly domain: ErrorDomain = 'internal';
  readonly retry: ErrorRetry = 'never';
}
