import type { Progress } from '@highwater/model';
import { LeastFirst } from '@highwater/windowing';
import { ViewBegins, type RaiseState, type ToldRevision } from './view-begins.ts';

/**
 * A source as it is kept: what it has settled, ms, `null` before its first point; and what it has
 * told of its views, `null` when it was only named, absent in snapshots of before 0.2.
 */
export type SourceState = readonly [
  source: string,
  settledMs: number | null,
  told?: readonly ToldRevision[] | null,
];

/** The sources as they are kept. */
export interface SavedSources {
  readonly live: readonly SourceState[];
  readonly ended: readonly string[];
  /** Absent in snapshots of before 0.2. */
  readonly raises?: readonly RaiseState[];
}

interface Settled {
  readonly source: string;
  readonly settledMs: number;
}

/** So few are never too many. */
const promisesMin = 64;

/**
 * Ended sources that are remembered. A marker of one that ended before so many others comes from a
 * process that was asleep through all those reshards.
 */
export const endedMax = 4_096;

/**
 * What every live source shard has promised. An ended source promises everything; its children take
 * its place with what it had settled, until they are heard themselves. A source that was idle may send
 * partials for what it had settled: they become orphans (decision 0003).
 */
export class Sources {
  readonly #settledMs = new Map<string, number>();
  /**
   * Kept so that a marker that is delivered again cannot revive a source: the latest to end, oldest
   * first.
   */
  readonly #ended = new Set<string>();
  readonly #begins = new ViewBegins();

  /** What sources have settled, and had before: whoever sends markers decides how many there are. */
  readonly #promises = new LeastFirst<Settled>((a, b) => a.settledMs < b.settledMs);

  /** Event time up to which every live source has settled; −Infinity with no source at all. */
  get settledMs(): number {
    for (let least = this.#promises.least; least; least = this.#promises.least) {
      if (this.#settledMs.get(least.source) === least.settledMs) return least.settledMs;
      this.#promises.take();
    }
    return Number.NEGATIVE_INFINITY;
  }

  /** Windows of a view that start earlier have points that were taken under the revision before. */
  latestBeginMs(view: string, revision: number): number {
    return this.#begins.latestMs(view, revision);
  }

  /** Live sources that have not told from when they compute a raised view; none for other views. */
  waitsFor(view: string, revision: number): readonly string[] {
    return this.#begins.waitsFor(view, revision, this.#settledMs.keys());
  }

  isRaised(view: string, revision: number): boolean {
    return this.#begins.isRaised(view, revision);
  }

  /** Takes note that a view has a higher revision than before. */
  raise(view: string, revision: number): void {
    this.#begins.raise(view, revision);
  }

  observe(progress: Progress): void {
    this.#observe(progress);
    this.#begins.settle(this.#settledMs);
  }

  #observe({ source, settledMs, isEnded, children, peers, views }: Progress): void {
    for (const peer of peers) {
      if (!this.#ended.has(peer)) this.#raise(peer, Number.NEGATIVE_INFINITY);
    }
    if (this.#ended.has(source)) return;
    this.#raise(source, settledMs ?? Number.NEGATIVE_INFINITY);
    this.#begins.observe(source, views);
    if (!isEnded) return;
    const settled = this.#settledMs.get(source) ?? Number.NEGATIVE_INFINITY;
    // A child of two parents goes on from the lesser: the later end must not promise more for it.
    for (const child of children) {
      if (this.#ended.has(child)) continue;
      this.#settle(child, Math.min(settled, this.#settledMs.get(child) ?? settled));
      this.#begins.inherit(source, child);
    }
    this.#end(source);
  }

  /** Plain data, for a snapshot. */
  save(): SavedSources {
    const live = [...this.#settledMs].map(([source, settledMs]): SourceState => [
      source,
      Number.isFinite(settledMs) ? settledMs : null,
      this.#begins.saveTold(source),
    ]);
    return { live, ended: [...this.#ended], raises: this.#begins.saveRaises() };
  }

  /** Joins what `save` gave: of two promises of a source the further one holds. */
  join({ live, ended, raises = [] }: SavedSources): void {
    for (const source of ended) this.#end(source);
    for (const [source, settledMs, told = []] of live) {
      if (this.#ended.has(source)) continue;
      this.#raise(source, settledMs ?? Number.NEGATIVE_INFINITY);
      this.#begins.joinTold(source, told);
    }
    this.#begins.joinRaises(raises);
  }

  #end(source: string): void {
    this.#settledMs.delete(source);
    this.#begins.end(source);
    this.#ended.add(source);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= endedMax) break;
      this.#ended.delete(oldest);
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
