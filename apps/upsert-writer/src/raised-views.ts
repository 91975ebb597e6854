import { seriesKey, type Logger } from '@highwater/model';
import { foldPlaced, type OpenRows, type PlacedRow, type View } from '@highwater/windowing';
import type { Sources } from './sources.ts';
import { unwrittenRow } from './unwritten-row.ts';
import type { DueRow, RowRefusal } from './write-rows.ts';

/** Whether a row may be written under the current revision of its view. */
export type Standing =
  /** It may be written. */
  | 'free'
  /** Not until every live source has said from when it computes this revision. */
  | 'held'
  /** Only the previous revision has seen a part of its window, so the previous row stays. */
  | 'began_later';

/** Dependencies of `RaisedViews`. */
export interface RaisedViewsOptions {
  readonly shardId: string;
  readonly views: readonly View[];
  readonly rows: OpenRows;
  readonly sources: Sources;
  readonly log: Logger;
}

/** Longer than starting every shard takes. */
const reportAfterMs = 30_000;
/** Maximum number of sources in the log that a view waits for. */
const namedSourcesMax = 10;

/**
 * Prevents a row of a raised view from replacing a more complete one. The row is held until every
 * source has started the revision, and is set aside when one has started it after the window's
 * start. See docs/decisions/0014, which lists the cases that this does not cover.
 */
export class RaisedViews {
  readonly #options: RaisedViewsOptions;
  readonly #waiting = new Set<View>();
  readonly #latestBeginMs = new Map<View, number>();
  #heldSinceMs: number | undefined;
  readonly #reported = new Set<View>();

  constructor(options: RaisedViewsOptions) {
    this.#options = options;
  }

  standingOf(view: View, startMs: number): Standing {
    const { sources } = this.#options;
    if (startMs < sources.latestBeginMs(view.name, view.revision)) return 'began_later';
    return this.#waiting.has(view) ? 'held' : 'free';
  }

  /**
   * Call this after sources have reported. Returns the rows that may be written now, and removes
   * rows that never may be written from the open rows.
   */
  update(): { readonly released: readonly PlacedRow[]; readonly refused: readonly PlacedRow[] } {
    const { views, sources } = this.#options;
    const released: PlacedRow[] = [];
    const refused: PlacedRow[] = [];
    for (const view of views) {
      const latestMs = sources.latestBeginMs(view.name, view.revision);
      if (latestMs > (this.#latestBeginMs.get(view) ?? Number.NEGATIVE_INFINITY)) {
        this.#latestBeginMs.set(view, latestMs);
        for (const placed of this.#options.rows.forgetBefore(view, latestMs)) refused.push(placed);
      }
      const isWaiting = sources.waitsFor(view.name, view.revision).length > 0;
      if (isWaiting) this.#waiting.add(view);
      else if (this.#waiting.delete(view)) {
        for (const placed of this.#shownRowsOf(view)) released.push(placed);
      }
    }
    return { released, refused };
  }

  /**
   * Call this after states of several shards were joined, because rows held by one may be written
   * based on reports to another.
   */
  *unheldRows(): Generator<PlacedRow> {
    const { views, sources } = this.#options;
    for (const view of views) {
      const isUnheld = sources.isRaised(view.name, view.revision) && !this.#waiting.has(view);
      if (isUnheld) yield* this.#shownRowsOf(view);
    }
  }

  /**
   * Separates due rows that may be written from those that may not. Held rows stay among the open
   * rows. A row that is no longer open cannot wait, and is rejected.
   */
  divide(due: Iterable<DueRow>): {
    readonly ready: readonly DueRow[];
    readonly refusals: readonly RowRefusal[];
  } {
    const ready: DueRow[] = [];
    const refusals: RowRefusal[] = [];
    for (const each of due) {
      const standing = this.standingOf(each.place.view, each.place.window.startMs);
      if (standing === 'free') ready.push(each);
      else if (!this.#isOpen(each) && isUnwritten(each)) {
        refusals.push(this.#refusalOf(each, standing));
      }
    }
    return { ready, refusals };
  }

  /** The reason why something in a window of a view is set aside. */
  explainLater(view: View): Pick<RowRefusal, 'reason' | 'detail'> {
    const latestMs = this.#options.sources.latestBeginMs(view.name, view.revision);
    const from = new Date(latestMs).toISOString();
    const detail = `a shard computes revision ${view.revision} of view ${view.name} only for windows from ${from} on; the row of the old revision stays in the store`;
    return { reason: 'view_began_later', detail };
  }

  /** Rows that would be written if their view did not have to wait. */
  get heldRowsCount(): number {
    let count = 0;
    if (this.#waiting.size === 0) return count;
    for (const { view, rows } of this.#options.rows.windows) {
      if (!this.#waiting.has(view)) continue;
      for (const row of rows.values()) if (row.writtenVersion === 0) count += 1;
    }
    return count;
  }

  /** Logs once per view which sources its rows wait for, when that takes long. */
  report(nowMs: number, heldRowsCount: number): void {
    const { shardId, sources, log } = this.#options;
    this.#heldSinceMs = heldRowsCount === 0 ? undefined : (this.#heldSinceMs ?? nowMs);
    if (this.#heldSinceMs === undefined || nowMs - this.#heldSinceMs < reportAfterMs) return;
    for (const view of this.#waiting) {
      if (this.#reported.has(view)) continue;
      this.#reported.add(view);
      const { name, revision } = view;
      const waitsFor = sources.waitsFor(name, revision);
      log.warn(
        {
          shardId,
          view: name,
          revision,
          heldRowsCount,
          sourcesCount: waitsFor.length,
          sources: waitsFor.slice(0, namedSourcesMax),
        },
        'The rows of a view with a raised revision wait until these shards of the raw stream have started the revision. Check that aggregator reads them.',
      );
    }
  }

  #refusalOf({ place, row, record }: DueRow, standing: 'held' | 'began_later'): RowRefusal {
    const { name: view, revision } = place.view;
    const payload = unwrittenRow({ view, revision, ...place.window }, row);
    if (standing === 'began_later') return { ...this.explainLater(place.view), payload, record };
    const detail = `its row was removed from memory before every raw shard had reported the time from which it computes revision ${revision} of view ${view}`;
    return { reason: 'view_begin_unknown', detail, payload, record };
  }

  #isOpen({ place, row }: PlacedRow): boolean {
    return this.#options.rows.find(place, seriesKey(row.series)) === row;
  }

  /**
   * Without sources that are only known by the ends of their shards, because these have their own
   * time limit.
   */
  *#shownRowsOf(view: View): Generator<PlacedRow> {
    for (const { rows, ...place } of this.#options.rows.windows) {
      if (place.view !== view) continue;
      for (const row of rows.values()) if (!row.isHeldBack) yield { place, row };
    }
  }
}

/** Whether the store is missing something of a row. */
function isUnwritten(placed: PlacedRow): boolean {
  return foldPlaced(placed).version > placed.row.writtenVersion;
}
