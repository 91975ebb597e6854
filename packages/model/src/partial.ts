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
  /** The shard of the raw stream that the points come from. */
  readonly source: string;
  /** The mergeable state of the view's aggregates, in the layout that the view defines. */
  readonly accumulator: readonly number[];
  /** Points included in the accumulator. It only grows for one row and source. */
  readonly contributions: number;
  /** How many of them arrived after the watermark had passed the end of the window. */
  readonly lateContributions: number;
  readonly firing: Firing;
  readonly newestEventTimeMs: number;
  readonly newestArrivalTimeMs: number;
}

/** The start of a view at a source. */
export interface ViewBegin {
  readonly view: string;
  readonly revision: number;
  /**
   * This source contributes nothing to windows that start earlier, because their points were
   * processed with the previous revision. `null` when this revision has existed since the source's
   * first point.
   */
  readonly beginsAtMs: number | null;
}

/** A source shard's promise, sent after each of its checkpoints. */
export interface Progress {
  readonly source: string;
  /**
   * The source does not expect to change a row whose cleanup time (window end − 1 + allowed
   * lateness) is at or before this. If it does so after being idle, its partial is an orphan
   * (decision 0003). `null` before its first point.
   */
  readonly settledMs: number | null;
  /** The source shard has ended and sends nothing more. */
  readonly isEnded: boolean;
  /** The child shards of an ended source. */
  readonly children: readonly string[];
  /** Other sources that have not ended. No row is settled before they have reported. */
  readonly peers: readonly string[];
  /** The text of the view's computation; empty from a release that did not send it. */
  readonly views: readonly ViewBegin[];
}
