import type { Progress } from '@highwater/model';

/** A source as it is kept: what it has settled, ms; `null` before its first point. */
export type SourceState = readonly [source: string, settledMs: number | null];

/**
 * What every live source shard has promised. An ended source promises everything; its children take
 * its place with what it had settled, until they are heard themselves.
 */
export class Sources {
  readonly #settledMs = new Map<string, number>();
  /** Kept so that a marker that is delivered again cannot revive a source. */
  readonly #ended = new Set<string>();

  /** Event time up to which no live source will change anything; −Infinity with no source at all. */
  get settledMs(): number {
    return this.#settledMs.size === 0
      ? Number.NEGATIVE_INFINITY
      : Math.min(...this.#settledMs.values());
  }

  observe({ source, settledMs, isEnded, children, peers }: Progress): void {
    for (const peer of peers) {
      if (!this.#ended.has(peer)) this.#raise(peer, Number.NEGATIVE_INFINITY);
    }
    if (this.#ended.has(source)) return;
    this.#raise(source, settledMs ?? Number.NEGATIVE_INFINITY);
    if (!isEnded) return;
    const settled = this.#settledMs.get(source) ?? Number.NEGATIVE_INFINITY;
    // A child of two parents goes on from the lesser: the later end must not promise more for it.
    for (const child of children) {
      if (this.#ended.has(child)) continue;
      this.#settledMs.set(child, Math.min(settled, this.#settledMs.get(child) ?? settled));
    }
    this.#settledMs.delete(source);
    this.#ended.add(source);
  }

  /** Plain data, for a snapshot. */
  save(): { readonly live: readonly SourceState[]; readonly ended: readonly string[] } {
    const live = [...this.#settledMs].map(([source, settledMs]): SourceState => [
      source,
      Number.isFinite(settledMs) ? settledMs : null,
    ]);
    return { live, ended: [...this.#ended] };
  }

  /** Joins what `save` gave: of two promises of a source the further one holds. */
  join(saved: ReturnType<Sources['save']>): void {
    for (const source of saved.ended) {
      this.#ended.add(source);
      this.#settledMs.delete(source);
    }
    for (const [source, settledMs] of saved.live) {
      if (!this.#ended.has(source)) this.#raise(source, settledMs ?? Number.NEGATIVE_INFINITY);
    }
  }

  #raise(source: string, settledMs: number): void {
    const known = this.#settledMs.get(source) ?? Number.NEGATIVE_INFINITY;
    this.#settledMs.set(source, Math.max(known, settledMs));
  }
}
