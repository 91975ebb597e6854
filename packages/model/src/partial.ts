import type { Series } from './series.ts';

/** Why a view row is emitted. */
export const firings = ['on_time', 'late', 'early', 'idle', 'shard_end'] as const;
export type Firing = (typeof firings)[number];

/** The contribution of one source shard to a view row. */
export interface WindowPartial {
  readonly view: string;
  readonly revision: number;
  readonly series: Series;
  /** The window, `[startMs, endMs)`, ms since the Unix epoch. */
  readonly startMs: number;
  readonly endMs: number;
  /** The shard of the raw stream whose points these are. */
  readonly source: string;
  /** The mergeable state of the view's aggregates, in the layout that the view defines. */
  readonly accumulator: readonly number[];
  /** Points folded into the accumulator. Only grows for one row and source. */
  readonly contributions: number;
  /** How many of them came after the watermark had passed the window's end. */
  readonly lateContributions: number;
  readonly firing: Firing;
  readonly newestEventTimeMs: number;
  readonly newestArrivalTimeMs: number;
}

/** From when a source computes a view. */
export interface ViewBegin {
  readonly view: string;
  readonly revision: number;
  /**
   * Windows that start earlier get nothing from this source: points of theirs were taken under the
   * revision before. `null` when this revision has been there since the source's first point.
   */
  readonly beginsAtMs: number | null;
}

/** A source shard's promise, sent after each of its checkpoints. */
export interface Progress {
  readonly source: string;
  /**
   * The source does not expect to change a row whose cleanup time (window end − 1 + allowed lateness)
   * is at or before this. If it does so after it was idle, its partial is an orphan (decision 0003).
   * `null` before it has seen a point.
   */
  readonly settledMs: number | null;
  /** The source shard ended: nothing more will come from it. */
  readonly isEnded: boolean;
  /** The shards that continue an ended source. */
  readonly children: readonly string[];
  /** Other sources that have not ended. No row is settled before they have reported. */
  readonly peers: readonly string[];
  /** The text of its computation; empty from a release that did not send it. */
  readonly views: readonly ViewBegin[];
}
