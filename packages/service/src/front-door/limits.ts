/** Limits of a port, for all clients together and for each. */
export interface FrontDoorLimits {
  /**
   * Connections at the same time. For two seconds, there may be four times as many. Beyond the
   * limit, a new connection replaces the least valuable one: the oldest that never sent a request,
   * otherwise the one that has been idle longest, otherwise the oldest whose request is incomplete.
   */
  readonly connectionsMax: number;
  /** From the connection to the complete headers of its first request, including TLS, ms. */
  readonly headersMs: number;
  /** How long a body may pause between bytes, ms. */
  readonly bodyStallMs: number;
  /** From the headers of a request to its complete body, ms. */
  readonly bodyMs: number;
  /** How long a connection without a request stays open, ms. Longer than SDKs keep theirs. */
  readonly idleMs: number;
  /** How long the rest of an unwanted body is read after the answer, ms. */
  readonly lingerMs: number;
  /** All request bodies in progress together, bytes, not counting the first 64 KiB of each. */
  readonly bodiesBytesMax: number;
  /** A body may lose its space to another one after it has been in progress for this long, ms. */
  readonly bodyGraceMs: number;
  /** How often the limits on connections are checked, ms. */
  readonly checkMs: number;
}

export const frontDoorLimits: FrontDoorLimits = {
  connectionsMax: 1_000,
  headersMs: 10_000,
  bodyStallMs: 30_000,
  bodyMs: 120_000,
  idleMs: 75_000,
  lingerMs: 10_000,
  bodiesBytesMax: 64 * 2 ** 20,
  bodyGraceMs: 5_000,
  checkMs: 1_000,
};
