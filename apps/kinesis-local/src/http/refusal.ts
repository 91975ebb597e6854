import { BodyError } from '@highwater/service/front-door';

/** An answer to a request that never became a call. */
export interface Refusal {
  readonly status: number;
  /** Name of the exception. */
  readonly type: string;
  readonly message: string;
}

/** As SDKs know them: they send again by themselves what timed out or was unavailable. */
const bodyRefusals = {
  too_large: { status: 400, type: 'SerializationException' },
  too_slow: { status: 408, type: 'RequestTimeoutException' },
  no_room: { status: 503, type: 'ServiceUnavailable' },
  // Nobody is left to be answered: for the metrics alone.
  broken_off: { status: 499, type: 'gone' },
} as const;

/** @returns absent for an error that is not about a request's body */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof BodyError)) return undefined;
  return { ...bodyRefusals[error.problem], message: error.message };
}
