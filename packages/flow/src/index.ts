export { backoffDelayMs, type Backoff } from './backoff.ts';
export { SlotsBusyError } from './errors.ts';
export { isTransient } from './is-transient.ts';
export { poll } from './poll.ts';
export { retry } from './retry.ts';
export { Slots } from './slots.ts';
