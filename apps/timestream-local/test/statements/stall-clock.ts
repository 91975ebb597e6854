type Span = readonly [fromMs: number, toMs: number];

const keptMs = 60_000;

/** Times in which the machine, or a test client, stalled, which is not the server's fault. */
export class StallClock {
  #spans: Span[] = [];

  add(spans: readonly Span[]): void {
    const lastMs = spans.at(-1)?.[1];
    if (lastMs === undefined) return;
    this.#spans = [...this.#spans.filter(([, toMs]) => toMs > lastMs - keptMs), ...spans].toSorted(
      ([a], [b]) => a - b,
    );
  }

  /** The duration of a span without the stalls in it, ms. */
  withoutStalls(fromMs: number, toMs: number): number {
    let stalledMs = 0;
    let countedToMs = fromMs;
    for (const [stallFrom, stallTo] of this.#spans) {
      const start = Math.max(stallFrom, countedToMs);
      const end = Math.min(stallTo, toMs);
      if (end <= start) continue;
      stalledMs += end - start;
      countedToMs = end;
    }
    return toMs - fromMs - stalledMs;
  }
}
