import type { Logger } from '@highwater/model';
import type { ConsumerMetrics } from './consumer-metrics.ts';

/** The log and the metrics that report an event. */
export interface Telling {
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
}

/** A step of the consumer that is repeated when it fails: a metrics label, and its words in the log. */
export type Step = keyof typeof steps;

const steps = {
  describe: 'Describing the stream',
  sync: 'Listing the shards',
  register: 'Registering for fan-out',
  lease: 'Listing the leases',
  take: 'Taking the lease',
  request: 'Requesting the lease',
  open: 'Opening the shard',
  range: 'Finding the hash keys of the shard',
  snapshot: 'Storing the snapshot',
  checkpoint: 'Writing the checkpoint',
  create: 'Creating the lease of a child shard',
} as const;

/** Counts and logs that a step failed and is repeated. */
export function tellRetry(
  telling: Telling,
  {
    step,
    error,
    fields,
    isNextRound = false,
  }: {
    readonly step: Step;
    readonly error: unknown;
    readonly fields: Readonly<Record<string, unknown>>;
    /** Whether the step is repeated in the next round of leases, instead of immediately. */
    readonly isNextRound?: boolean;
  },
): void {
  const when = isNextRound ? 'retrying in the next round' : 'retrying';
  const failed = { stage: step, error, fields: { ...fields, stage: step } };
  tellError(telling, failed, `${steps[step]} failed; ${when}.`);
}

/** Counts and logs a failed call after which the consumer continues. A fatal one is reported at the end. */
export function tellError(
  { log, metrics }: Telling,
  failed: {
    readonly stage: string;
    readonly error: unknown;
    /** Logged in addition to the error. */
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

/** The metrics label for an error of a store. */
function codeOf(error: unknown): string {
  const { exception, code, name } = error as { exception?: string; code?: string; name?: string };
  return exception ?? code ?? name ?? 'unknown';
}
