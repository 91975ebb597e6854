export { backoffDelayMs, type Backoff } from './backoff.ts';
export { SlotsBusyError } from './errors.ts';
export { isTransient } from './is-transient.ts';
export { poll, type PollOptions } from './poll.ts';
export { retry, type Failures, type RetryOptions } from './retry.ts';
export { Slots } from './slots.ts';
