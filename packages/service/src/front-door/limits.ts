/** What a port takes from its clients, all together and each. */
export interface FrontDoorLimits {
  /**
   * Connections at once; for two seconds it may be four times as many. Beyond it the one that is worth
   * least is closed for a new one: the oldest that never asked anything, else the one that has been
   * idle longest, else the oldest whose request is not whole.
   */
  readonly connectionsMax: number;
  /** From the connection to the whole headers of its first request, TLS included, ms. */
  readonly headersMs: number;
  /** How long no byte of a body may come, ms. */
  readonly bodyStallMs: number;
  /** From the headers of a request to its whole body, ms. */
  readonly bodyMs: number;
  /** How long a connection without a request is kept, ms. Longer than SDKs keep theirs. */
  readonly idleMs: number;
  /** How long the rest of a body that is not wanted is read after the answer, ms. */
  readonly lingerMs: number;
  /** All bodies of requests under way together, bytes, apart from the first 64 KiB of each. */
  readonly bodiesBytesMax: number;
  /** A body may lose its room to another one when it has been under way for so long, ms. */
  readonly bodyGraceMs: number;
  /** How often the limits on connections are looked at, ms. */
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
