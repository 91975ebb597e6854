import type { Logger } from '@highwater/model';
import type { ConsumerMetrics } from './consumer-metrics.ts';

/** The log and the metrics that report an event. */
export interface Telling {
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
}

/** Counts and logs a failed call after which the consumer continues. A fatal one is reported at the end. */
export function tellError(
  { log, metrics }: Telling,
  failed: {
    readonly stage: string;
    readonly error: unknown;
    /** Named in the log besides the error. */
    readonly fields: Readonly<Record<string, unknown>>;
  },
  message: string,
): void {
  const { stage, error, fields } = failed;
  metrics.errors.inc({ code: codeOf(error), stage });
  log.warn({ ...fields, err: error }, message);
}

/** Counts and logs that records of a shard have expired, or may have, before they were read. */
export function tellExpiry(
  { log, metrics }: Telling,
  fields: Readonly<Record<string, unknown>>,
  message: string,
): void {
  metrics.retentionExceeded.inc();
  log.error(fields, message);
}

/** A metrics label for an error of a store. */
function codeOf(error: unknown): string {
  const { exception, code, name } = error as { exception?: string; code?: string; name?: string };
  return exception ?? code ?? name ?? 'unknown';
}
