/** How long to wait between attempts. */
export interface BackoffOptions {
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * The wait before the next attempt: full jitter below an exponentially growing bound.
 *
 * @param attempt failures so far, from 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(attempt: number, options: BackoffOptions): number {
  const { delayMsMin, delayMsMax, random } = options;
  const boundMs = Math.min(delayMsMax, delayMsMin * 2 ** Math.min(attempt - 1, 30));
  return random() * boundMs;
}
