import type { Logger } from '@highwater/model';

const nothing = () => undefined;

/** A log that discards its lines. */
export const silentLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
