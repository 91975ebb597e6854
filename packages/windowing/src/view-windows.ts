import type { Firing, WindowPartial } from '@highwater/model';
import { OpenWindow } from './open-window.ts';
import type { SeriesDictionary } from './series-dictionary.ts';
import { cleanupTimeMs, isDue, isTooLate, maxTimestampMs, type TimeWindow } from './time-window.ts';
import type { ViewPoint } from './view-point.ts';
import { Recurrence } from './recurrence.ts';
import type { View } from './view.ts';

/** What became of a point in one view. */
export type ViewOutcome = 'aggregated' | 'refined' | 'too_late' | 'partly_too_late' | 'unassigned';

/**
 * Early rows are not emitted before their time is this near: Timestream refuses rows that are more
 * than 15 minutes ahead of its clock, and a minute is left for clocks that differ.
 */
const earlyAheadMsMax = 14 * 60_000;

/** The open windows of one view in one shard. */
export class ViewWindows {
  readonly view: View;
  readonly #source: string;
  readonly #series: SeriesDictionary;
  readonly #open = new Map<number, OpenWindow>();
  /** The one window of the last point, where the windows of a view do not overlap. */
  #latest: OpenWindow | undefined;
  /** Past their cleanup time, with rows that are still to be emitted. */
  #closing: OpenWindow[] = [];
  /** Passed by the watermark since rows were last emitted: what is due in them does not wait. */
  readonly #fresh = new Set<OpenWindow>();
  readonly #early: Recurrence;
  readonly #corrections: Recurrence;
  #nextDueMs = Number.POSITIVE_INFINITY;
  #nextCleanupMs = Number.POSITIVE_INFINITY;

  constructor(view: View, source: string, series: SeriesDictionary) {
    this.view = view;
    this.#source = source;
    this.#series = series;
    this.#early = new Recurrence(view.earlyMs);
    this.#corrections = new Recurrence(view.coalesceMs);
  }

  get openRows(): number {
    let rows = 0;
    for (const window of this.#open.values()) rows += window.rowsCount;
    return rows;
  }

  get openWindows(): number {
    return this.#open.size;
  }

  /** In the order of their ends. */
  get windows(): readonly OpenWindow[] {
    return [...this.#open.values()].toSorted((a, b) => a.endMs - b.endMs);
  }

  /** Folds a point into its windows, except those that are too late for it (rule R11). */
  add(point: ViewPoint): ViewOutcome {
    const latest = this.#latest;
    const { eventTimeMs } = point;
    // An open window is not too late: `advance` has seen the watermark.
    if (latest && latest.startMs <= eventTimeMs && eventTimeMs < latest.endMs) {
      return this.#addTo(latest, point) ? 'refined' : 'aggregated';
    }
    const assigned = this.view.windows.assign(eventTimeMs);
    let refusedCount = 0;
    let isRefined = false;
    for (const each of assigned) {
      const window = this.#find(each, point);
      if (!window) {
        refusedCount += 1;
        continue;
      }
      if (this.#addTo(window, point)) isRefined = true;
      if (assigned.length === 1 && this.view.windows.next) this.#latest = window;
    }
    if (assigned.length === 0) return 'unassigned';
    if (refusedCount > 0) return refusedCount < assigned.length ? 'partly_too_late' : 'too_late';
    return isRefined ? 'refined' : 'aggregated';
  }

  /** Adds a window that `add` or a snapshot has made. */
  insert(window: OpenWindow): void {
    this.#open.set(window.startMs, window);
    if (!window.isPassed) this.#nextDueMs = Math.min(this.#nextDueMs, maxTimestampMs(window));
    const cleanupMs = cleanupTimeMs(window, this.view.allowedLatenessMs);
    this.#nextCleanupMs = Math.min(this.#nextCleanupMs, cleanupMs);
  }

  /** Fires the windows that a watermark completes (rule R7), and closes those it makes final (R10). */
  advance(watermarkMs: number): void {
    if (watermarkMs < this.#nextDueMs && watermarkMs < this.#nextCleanupMs) return;
    this.#latest = undefined;
    this.#nextDueMs = Number.POSITIVE_INFINITY;
    this.#nextCleanupMs = Number.POSITIVE_INFINITY;
    for (const window of this.#open.values()) {
      if (!window.isPassed && isDue(window, watermarkMs)) {
        window.isPassed = true;
        window.markChanged();
        this.#fresh.add(window);
      }
      if (isTooLate(window, this.view.allowedLatenessMs, watermarkMs)) {
        this.#open.delete(window.startMs);
        this.#closing.push(window);
      } else {
        this.insert(window);
      }
    }
  }

  /**
   * Gives every row that is due as a partial, in the order of the windows' ends. Corrections wait for
   * `tick` where the view coalesces them, unless their window is final.
   */
  *drain(): Generator<WindowPartial> {
    const closing = this.#closing.toSorted((a, b) => a.endMs - b.endMs);
    this.#closing = [];
    for (const window of closing) {
      yield* this.#emit(window);
      for (const seriesId of window.seriesIds) this.#series.release(seriesId);
    }
    const waits = this.view.coalesceMs !== undefined;
    for (const window of this.windows) {
      if (waits && !this.#fresh.has(window)) continue;
      if (window.isPassed && window.hasDueRows) yield* this.#emit(window);
    }
    this.#fresh.clear();
  }

  /**
   * Gives what the clock makes due: running results, and corrections that waited. To be called after
   * `drain`, about once a second.
   */
  *tick(nowMs: number): Generator<WindowPartial> {
    if (this.#corrections.isDue(nowMs)) {
      for (const window of this.windows) if (window.isPassed) yield* this.#emit(window);
    }
    if (this.#early.isDue(nowMs)) {
      for (const window of this.windows) {
        if (window.isPassed || this.#isFarAhead(window, nowMs)) continue;
        window.markChanged();
        yield* this.#emit(window, 'early');
      }
    }
  }

  /** Rows that would be emitted early, were their time not too far ahead for the store. */
  earlyWaitingRows(nowMs: number): number {
    if (this.view.earlyMs === undefined) return 0;
    let rows = 0;
    for (const window of this.#open.values()) {
      if (!window.isPassed && this.#isFarAhead(window, nowMs)) rows += window.rowsCount;
    }
    return rows;
  }

  /** Gives the changed rows of windows that end by `endMsMax`, whatever the watermark says. */
  *fire(firing: Firing, endMsMax: number): Generator<WindowPartial> {
    for (const window of this.windows) {
      if (window.endMs > endMsMax) continue;
      window.markChanged();
      yield* this.#emit(window, firing);
    }
  }

  /** The open window, opened if need be; undefined when it is too late for that. */
  #find(assigned: TimeWindow, { sequenceNumber, watermarkMs }: ViewPoint): OpenWindow | undefined {
    const known = this.#open.get(assigned.startMs);
    if (known) return known;
    const { allowedLatenessMs, layout } = this.view;
    if (isTooLate(assigned, allowedLatenessMs, watermarkMs)) return undefined;
    const window = new OpenWindow(assigned, layout, { sequenceNumber, watermarkMs });
    // A window can be born late (rule R14).
    window.isPassed = isDue(window, watermarkMs);
    this.insert(window);
    return window;
  }

  #isFarAhead(window: TimeWindow, nowMs: number): boolean {
    return this.view.rowTimeMs(window) - nowMs > earlyAheadMsMax;
  }

  /** @returns whether the point is late */
  #addTo(window: OpenWindow, point: ViewPoint): boolean {
    if (window.add(point)) this.#series.hold(point.seriesId);
    return window.isPassed;
  }

  *#emit(window: OpenWindow, cause?: Firing): Generator<WindowPartial> {
    const { view } = this;
    const { startMs, endMs } = window;
    for (const row of window.takeDueRows()) {
      yield {
        view: view.name,
        revision: view.revision,
        series: this.#series.get(row.seriesId),
        startMs,
        endMs,
        source: this.#source,
        accumulator: row.accumulator,
        contributions: row.contributions,
        lateContributions: row.lateContributions,
        firing: cause ?? (row.lateContributions > 0 ? 'late' : 'on_time'),
        newestEventTimeMs: row.newestEventTimeMs,
        newestArrivalTimeMs: row.newestArrivalTimeMs,
      };
    }
  }
}
