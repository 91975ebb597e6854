/** The limits of the wait between attempts. */
export interface Backoff {
  /** The longest wait after the first failure, ms. */
  readonly delayMsMin: number;
  /** The longest wait after any failure, ms. */
  readonly delayMsMax: number;
}

/** From here on, the limit is `delayMsMax` anyway. The power must not become infinite. */
const doublingsMax = 30;

/**
 * The wait before the next attempt, ms: full jitter below a limit that doubles with every failure.
 *
 * @param failures so far, from 1
 * @param random uniform in [0, 1)
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(
  failures: number,
  { delayMsMin, delayMsMax }: Backoff,
  random: () => number,
): number {
  return random() * Math.min(delayMsMax, delayMsMin * 2 ** Math.min(failures - 1, doublingsMax));
}
