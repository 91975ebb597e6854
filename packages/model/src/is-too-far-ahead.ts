/**
 * Whether a point claims a time so far after its arrival that it is refused. Readers of one stream
 * must ask with the same bound; otherwise raw rows and averages disagree about which points there are.
 */
export function isTooFarAhead(
  eventTimeMs: number,
  arrivalTimeMs: number,
  maxFutureSkewMs: number,
): boolean {
  return eventTimeMs > arrivalTimeMs + maxFutureSkewMs;
}

/** The reason why such a point is refused, and the remedy, in words. */
export function futureDetail(eventTimeMs: number, arrivalTimeMs: number): string {
  const aheadSeconds = Math.round((eventTimeMs - arrivalTimeMs) / 1000);
  return `its time is ${aheadSeconds} s after its arrival; correct the producer's clock or its TimeUnit`;
}
