import type { Logger } from '@highwater/model';

const nothing = () => undefined;

/** A log that nobody reads. */
export const silentLogger: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
