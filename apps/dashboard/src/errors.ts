import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

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
