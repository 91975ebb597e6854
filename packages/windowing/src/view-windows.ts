import type { Firing, WindowPartial } from '@highwater/model';
import { OpenWindow, type WindowOrigin } from './open-window.ts';
import type { SeriesDictionary } from './series-dictionary.ts';
import { cleanupTimeMs, isDue, isTooLate, maxTimestampMs } from './time-window.ts';
import type { View } from './view.ts';

/** What became of a point in one view. */
export type ViewOutcome = 'aggregated' | 'refined' | 'too_late';

/** One point, as a view takes it. */
export interface ViewPoint {
  readonly seriesId: number;
  readonly value: number;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
}

/** The open windows of one view in one shard. */
export class ViewWindows {
  readonly view: View;
  readonly #source: string;
  readonly #series: SeriesDictionary;
  readonly #open = new Map<number, OpenWindow>();
  /** Past their cleanup time, with rows that are still to be emitted. */
  #closing: OpenWindow[] = [];
  #nextDueMs = Number.POSITIVE_INFINITY;
  #nextCleanupMs = Number.POSITIVE_INFINITY;

  constructor(view: View, source: string, series: SeriesDictionary) {
    this.view = view;
    this.#source = source;
    this.#series = series;
  }

  get openRows(): number {
    let rows = 0;
    for (const window of this.#open.values()) rows += window.rowsCount;
    return rows;
  }

  /** In the order of their ends. */
  get windows(): readonly OpenWindow[] {
    return [...this.#open.values()].toSorted((a, b) => a.endMs - b.endMs);
  }

  /** Folds a point into its window, unless the watermark says that it is too late (rule R11). */
  add(point: ViewPoint, origin: WindowOrigin): ViewOutcome {
    const { view } = this;
    const assigned = view.assign(point.eventTimeMs);
    if (isTooLate(assigned, view.allowedLatenessMs, origin.watermarkMs)) return 'too_late';
    let window = this.#open.get(assigned.startMs);
    if (!window) {
      window = new OpenWindow(assigned, view.layout, origin);
      // A window can be born late (rule R14).
      window.isPassed = isDue(window, origin.watermarkMs);
      this.insert(window);
    }
    const { seriesId, value, eventTimeMs, arrivalTimeMs } = point;
    if (window.add(seriesId, value, eventTimeMs, arrivalTimeMs)) this.#series.hold(seriesId);
    return window.isPassed ? 'refined' : 'aggregated';
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
    this.#nextDueMs = Number.POSITIVE_INFINITY;
    this.#nextCleanupMs = Number.POSITIVE_INFINITY;
    for (const window of this.#open.values()) {
      if (!window.isPassed && isDue(window, watermarkMs)) {
        window.isPassed = true;
        window.markChanged();
      }
      if (isTooLate(window, this.view.allowedLatenessMs, watermarkMs)) {
        this.#open.delete(window.startMs);
        this.#closing.push(window);
      } else {
        this.insert(window);
      }
    }
  }

  /** Gives every row that is due as a partial, in the order of the windows' ends. */
  *drain(): Generator<WindowPartial> {
    const closing = this.#closing.toSorted((a, b) => a.endMs - b.endMs);
    this.#closing = [];
    for (const window of closing) {
      yield* this.#emit(window);
      for (const seriesId of window.seriesIds) this.#series.release(seriesId);
    }
    for (const window of this.windows) {
      if (window.isPassed && window.hasDueRows) yield* this.#emit(window);
    }
  }

  /** Gives the changed rows of windows that end by `endMsMax`, whatever the watermark says. */
  *fire(firing: Firing, endMsMax: number): Generator<WindowPartial> {
    for (const window of this.windows) {
      if (window.endMs > endMsMax) continue;
      window.markChanged();
      yield* this.#emit(window, firing);
    }
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
