import type { Progress } from '@highwater/model';
import { LeastFirst } from '@highwater/windowing';
import { ViewBegins, type RaiseState, type ToldRevision } from './view-begins.ts';

/**
 * A source as it is stored: its settled time in ms, `null` before its first point; and its reports
 * about its views, `null` when it was only named, undefined in snapshots from before 0.2.
 */
export type SourceState = readonly [
  source: string,
  settledMs: number | null,
  told?: readonly ToldRevision[] | null,
];

/** The sources as they are stored. */
export interface SavedSources {
  readonly live: readonly SourceState[];
  readonly ended: readonly string[];
  /** Undefined in snapshots from before 0.2. */
  readonly raises?: readonly RaiseState[];
}

interface Settled {
  readonly source: string;
  readonly settledMs: number;
}

/** This few are never too many. */
const promisesMin = 64;

/**
 * Maximum number of remembered ended sources. A marker of a source that ended before this many
 * others comes from a process that was asleep during all those reshards.
 */
export const endedMax = 4_096;

/**
 * The promises of all live source shards. An ended source promises everything. Its children take
 * its place with its settled time, until they report themselves. A source that was idle may send
 * partials for settled rows. They become orphans (decision 0003).
 */
export class Sources {
  readonly #settledMs = new Map<string, number>();
  /**
   * Remembered so that a repeated marker cannot revive a source: the most recently ended ones,
   * oldest first.
   */
  readonly #ended = new Set<string>();
  readonly #begins = new ViewBegins();

  /**
   * Current and previous settled times of the sources. The senders of markers decide how many there
   * are.
   */
  readonly #promises = new LeastFirst<Settled>((a, b) => a.settledMs < b.settledMs);

  /** Event time up to which every live source has settled; −Infinity when there is no source. */
  get settledMs(): number {
    for (let least = this.#promises.least; least; least = this.#promises.least) {
      if (this.#settledMs.get(least.source) === least.settledMs) return least.settledMs;
      this.#promises.take();
    }
    return Number.NEGATIVE_INFINITY;
  }

  /**
   * Windows of a view that start earlier contain points that were processed with the previous
   * revision.
   */
  latestBeginMs(view: string, revision: number): number {
    return this.#begins.latestMs(view, revision);
  }

  /**
   * Live sources that have not said from when they compute a raised view; empty for other views.
   */
  waitsFor(view: string, revision: number): readonly string[] {
    return this.#begins.waitsFor(view, revision, this.#settledMs.keys());
  }

  isRaised(view: string, revision: number): boolean {
    return this.#begins.isRaised(view, revision);
  }

  /** Records that a view has a higher revision than before. */
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
    // A child of two parents continues from the lower one: the parent that ends later must not
    // raise the promise.
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

  /** Joins a saved state. If two promises of a source differ, the further one wins. */
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
    // Outdated entries are removed when they are the lowest, which may never happen.
    if (this.#promises.size <= 2 * this.#settledMs.size + promisesMin) return;
    this.#promises.clear();
    for (const [live, liveMs] of this.#settledMs) {
      this.#promises.add({ source: live, settledMs: liveMs });
    }
  }
}
