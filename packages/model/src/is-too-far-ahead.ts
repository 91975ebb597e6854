/**
 * Whether a point is rejected because its time is too far after its arrival. All readers of a
 * stream must use the same limit. Otherwise, raw rows and averages disagree about which points
 * exist.
 */
export function isTooFarAhead(
  eventTimeMs: number,
  arrivalTimeMs: number,
  maxFutureSkewMs: number,
): boolean {
  return eventTimeMs > arrivalTimeMs + maxFutureSkewMs;
}

/** The reason for rejecting such a point, and the remedy, in words. */
export function futureDetail(eventTimeMs: number, arrivalTimeMs: number): string {
  const aheadSeconds = Math.round((eventTimeMs - arrivalTimeMs) / 1000);
  return `its time is ${aheadSeconds} s after its arrival; correct the producer's clock or its TimeUnit`;
}
