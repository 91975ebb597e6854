import { HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** More tasks wait for a slot than allowed. */
export class SlotsBusyError extends HighwaterError {
  override readonly name = 'SlotsBusyError';
  readonly code = 'HW_FLOW_SLOTS_BUSY';
  readonly domain: ErrorDomain = 'user';
  readonly retry: ErrorRetry = 'backoff';
}
