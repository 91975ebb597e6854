import type { Progress } from '@highwater/model';
import { LeastFirst } from '@highwater/windowing';

/** A source as it is kept: what it has settled, ms; `null` before its first point. */
export type SourceState = readonly [source: string, settledMs: number | null];

interface Settled {
  readonly source: string;
  readonly settledMs: number;
}

/** So few are never too many. */
const promisesMin = 64;

/**
 * What every live source shard has promised. An ended source promises everything; its children take
 * its place with what it had settled, until they are heard themselves.
 */
export class Sources {
  readonly #settledMs = new Map<string, number>();
  /** Kept so that a marker that is delivered again cannot revive a source. */
  readonly #ended = new Set<string>();

  /** What sources have settled, and had before: whoever sends markers decides how many there are. */
  readonly #promises = new LeastFirst<Settled>((a, b) => a.settledMs < b.settledMs);

  /** Event time up to which no live source will change anything; −Infinity with no source at all. */
  get settledMs(): number {
    for (let least = this.#promises.least; least; least = this.#promises.least) {
      if (this.#settledMs.get(least.source) === least.settledMs) return least.settledMs;
      this.#promises.take();
    }
    return Number.NEGATIVE_INFINITY;
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
      this.#settle(child, Math.min(settled, this.#settledMs.get(child) ?? settled));
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
    this.#settle(source, Math.max(known, settledMs));
  }

  #settle(source: string, settledMs: number): void {
    if (this.#settledMs.get(source) === settledMs) return;
    this.#settledMs.set(source, settledMs);
    this.#promises.add({ source, settledMs });
    // What is out of date goes when it is the least, which may be never.
    if (this.#promises.size <= 2 * this.#settledMs.size + promisesMin) return;
    this.#promises.clear();
    for (const [live, liveMs] of this.#settledMs) {
      this.#promises.add({ source: live, settledMs: liveMs });
    }
  }
}
