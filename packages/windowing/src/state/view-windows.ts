import type { Firing, WindowPartial } from '@highwater/model';
import assert from 'node:assert/strict';
import { OpenWindow } from './open-window.ts';
import { Recurrence } from '../views/recurrence.ts';
import type { SeriesDictionary } from './series-dictionary.ts';
import { Slice } from './slice.ts';
import {
  cleanupTimeMs,
  isDue,
  isTooLate,
  maxTimestampMs,
  type TimeWindow,
} from '../time-window.ts';
import type { ViewPoint } from './view-point.ts';
import type { View } from '../views/view.ts';

/** The outcome of a point in one view. */
export type ViewOutcome = 'aggregated' | 'refined' | 'too_late' | 'partly_too_late' | 'unassigned';

/**
 * Early rows are not emitted before their time is this near: Timestream refuses rows that are more
 * than 15 minutes ahead of its clock, and a minute is left for clocks that differ.
 */
const earlyAheadMsMax = 14 * 60_000;

/** Number of series released together: some milliseconds of work. */
const releasesMax = 20_000;

/**
 * The progress of a shard, which is queried when a slice is opened instead of passed with every
 * point.
 */
export interface ShardProgress {
  /** Before the record that is being read. */
  readonly watermarkMs: number;
  /** Of the points taken so far. */
  readonly newestEventTimeMs: number;
}

/** A slice, and the windows that it is part of. */
interface SharedSlice {
  readonly slice: Slice;
  /** Windows that still accept points, in the order of time. */
  readonly windows: OpenWindow[];
  /** Whether others do not. */
  isPartlyTooLate: boolean;
}

/**
 * The open windows of one view in one shard. A point is folded once, into its slice of time; windows
 * that overlap share their slices, and merge them when they fire.
 */
export class ViewWindows {
  readonly view: View;
  /**
   * Windows that start earlier accept no points: this revision of the view has not seen all of
   * their points, and its rows would replace those of the previous revision.
   */
  beginsAtMs = Number.NEGATIVE_INFINITY;
  readonly #source: string;
  readonly #series: SeriesDictionary;
  readonly #progress: ShardProgress;
  /** By their starts. */
  readonly #open = new Map<number, OpenWindow>();
  readonly #slices = new Map<number, SharedSlice>();
  /** The slice of the last point. */
  #latest: SharedSlice | undefined;
  /** Past their cleanup time, with rows that are still to be emitted; by their starts. */
  readonly #closing = new Map<number, OpenWindow>();
  /** In no window any more, except perhaps one that is closing. */
  readonly #ended: Slice[] = [];
  /** Rows of the first of them whose series were given back. */
  #releasedCount = 0;
  /** With rows that `drain` gives: there may be many more windows, in which nothing has changed. */
  readonly #due = new Set<OpenWindow>();
  readonly #early: Recurrence;
  readonly #corrections: Recurrence;
  #nextDueMs = Number.POSITIVE_INFINITY;
  #nextCleanupMs = Number.POSITIVE_INFINITY;

  constructor(view: View, source: string, series: SeriesDictionary, progress: ShardProgress) {
    this.view = view;
    this.#source = source;
    this.#series = series;
    this.#progress = progress;
    this.#early = new Recurrence(view.earlyMs);
    this.#corrections = new Recurrence(view.coalesceMs);
  }

  get openWindows(): number {
    return this.#open.size;
  }

  /** Whether a point would open windows that are not open yet. */
  opensWindows(eventTimeMs: number, watermarkMs: number): boolean {
    if (this.#slices.has(this.view.windows.slice(eventTimeMs).startMs)) return false;
    const taking = this.#taking(this.view.windows.assign(eventTimeMs), watermarkMs);
    return taking.some(({ startMs }) => !this.#open.has(startMs));
  }

  /** Whether a point would open a row that is not open yet. */
  opensRow(seriesId: number, eventTimeMs: number, watermarkMs: number): boolean {
    const shared = this.#slices.get(this.view.windows.slice(eventTimeMs).startMs);
    if (shared) return !shared.slice.has(seriesId);
    return this.#taking(this.view.windows.assign(eventTimeMs), watermarkMs).length > 0;
  }

  /** In the order of their ends. */
  get windows(): readonly OpenWindow[] {
    return inOrder(this.#open.values());
  }

  /** In the order of time. */
  get slices(): readonly Slice[] {
    const slices = [...this.#slices.values()].map(({ slice }) => slice);
    return slices.toSorted((a, b) => a.startMs - b.startMs);
  }

  /** Adds a point to its windows, except those for which it is too late (rule R11). */
  add(point: ViewPoint): ViewOutcome {
    const { eventTimeMs, seriesId } = point;
    const shared = this.#sliceOf(point);
    if (!shared) {
      return this.view.windows.assign(eventTimeMs).length > 0 ? 'too_late' : 'unassigned';
    }
    const { slice, windows, isPartlyTooLate } = shared;
    if (isPartlyTooLate) this.#settle(slice, seriesId);
    if (slice.add(point)) this.#series.hold(seriesId);
    let isRefined = false;
    for (const window of windows) {
      if (!window.isPassed) break;
      window.refine(seriesId);
      if (!this.#isWaiting) this.#due.add(window);
      isRefined = true;
    }
    if (isPartlyTooLate) return 'partly_too_late';
    return isRefined ? 'refined' : 'aggregated';
  }

  /** Adds what a snapshot holds: the slices of one view, and its windows. */
  restore(slices: readonly Slice[], windows: readonly OpenWindow[]): void {
    for (const window of windows) {
      this.#insert(window);
      if (window.isPassed && !this.#isWaiting) this.#due.add(window);
    }
    for (const slice of slices) {
      const assigned = this.view.windows.assign(slice.startMs).toReversed();
      const within = assigned.flatMap(({ startMs }) => this.#open.get(startMs) ?? []);
      assert(within.length > 0, `a slice of view ${this.view.name} is in none of its windows`);
      for (const window of within) window.insert(slice);
      const isPartlyTooLate = within.length < assigned.length;
      this.#slices.set(slice.startMs, { slice, windows: within, isPartlyTooLate });
    }
  }

  /** Fires the windows that a watermark completes (rule R7), and closes those it makes final (R10). */
  advance(watermarkMs: number): void {
    if (watermarkMs < this.#nextDueMs && watermarkMs < this.#nextCleanupMs) return;
    this.#nextDueMs = Number.POSITIVE_INFINITY;
    this.#nextCleanupMs = Number.POSITIVE_INFINITY;
    const final: OpenWindow[] = [];
    for (const window of this.#open.values()) {
      if (!window.isPassed && isDue(window, watermarkMs)) {
        window.pass();
        this.#due.add(window);
      }
      if (isTooLate(window, this.view.allowedLatenessMs, watermarkMs)) final.push(window);
      else this.#insert(window);
    }
    for (const window of inOrder(final)) this.#close(window);
  }

  /**
   * Gives every row that is due as a partial, in the order of the windows' ends. Corrections wait for
   * `tick` where the view coalesces them, unless their window is final.
   */
  *drain(): Generator<WindowPartial> {
    const closing = inOrder(this.#closing.values());
    this.#closing.clear();
    for (const window of closing) yield* this.#emit(window);
    const due = inOrder(this.#due);
    this.#due.clear();
    for (const window of due) {
      if (window.isPassed && window.hasDueRows) yield* this.#emit(window);
    }
    this.#releaseEnded();
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
    this.#releaseEnded();
  }

  /** Rows that would be emitted early, were their time not too far ahead for the store: at least. */
  earlyWaitingRows(nowMs: number): number {
    if (this.view.earlyMs === undefined) return 0;
    let rows = 0;
    for (const window of this.#open.values()) {
      if (!window.isPassed && this.#isFarAhead(window, nowMs)) rows += window.rowsCountMin;
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

  /** The slice of a point, opened if need be; undefined when no window takes the point. */
  #sliceOf(point: ViewPoint): SharedSlice | undefined {
    const { eventTimeMs } = point;
    const latest = this.#latest;
    if (latest && isInside(eventTimeMs, latest.slice)) return latest;
    const span = this.view.windows.slice(eventTimeMs);
    const shared = this.#slices.get(span.startMs) ?? this.#openSlice(span, point);
    this.#latest = shared;
    return shared;
  }

  #openSlice(
    span: TimeWindow,
    { eventTimeMs, sequenceNumber }: ViewPoint,
  ): SharedSlice | undefined {
    const { watermarkMs, newestEventTimeMs } = this.#progress;
    const { windows: assigner, layout } = this.view;
    const assigned = assigner.assign(eventTimeMs).toReversed();
    const taking = this.#taking(assigned, watermarkMs);
    if (taking.length === 0) return undefined;
    const slice = new Slice(span, layout, { sequenceNumber, watermarkMs, newestEventTimeMs });
    const windows = taking.map(
      (each) => this.#open.get(each.startMs) ?? this.#openWindow(each, watermarkMs),
    );
    for (const window of windows) window.insert(slice);
    const shared = { slice, windows, isPartlyTooLate: taking.length < assigned.length };
    this.#slices.set(span.startMs, shared);
    return shared;
  }

  /** The windows of a point that accept it. */
  #taking(assigned: readonly TimeWindow[], watermarkMs: number): readonly TimeWindow[] {
    const { allowedLatenessMs } = this.view;
    return assigned.filter(
      (each) => each.startMs >= this.beginsAtMs && !isTooLate(each, allowedLatenessMs, watermarkMs),
    );
  }

  #openWindow(assigned: TimeWindow, watermarkMs: number): OpenWindow {
    const window = new OpenWindow(assigned, this.view.layout);
    // A window can be born late (rule R14).
    if (isDue(window, watermarkMs)) {
      window.pass();
      if (!this.#isWaiting) this.#due.add(window);
    }
    this.#insert(window);
    return window;
  }

  /** Whether corrections wait for `tick`. */
  get #isWaiting(): boolean {
    return this.view.coalesceMs !== undefined;
  }

  #isFarAhead(window: TimeWindow, nowMs: number): boolean {
    return this.view.rowTimeMs(window) - nowMs > earlyAheadMsMax;
  }

  #insert(window: OpenWindow): void {
    this.#open.set(window.startMs, window);
    if (!window.isPassed) this.#nextDueMs = Math.min(this.#nextDueMs, maxTimestampMs(window));
    const cleanupMs = cleanupTimeMs(window, this.view.allowedLatenessMs);
    this.#nextCleanupMs = Math.min(this.#nextCleanupMs, cleanupMs);
  }

  /** Windows that are final together are closed in their order: each is the first of its slices'. */
  #close(window: OpenWindow): void {
    this.#open.delete(window.startMs);
    this.#closing.set(window.startMs, window);
    for (const { startMs } of window.slices) {
      const shared = this.#slices.get(startMs);
      if (!shared) continue;
      const first = shared.windows.shift();
      assert(first === window, 'windows are closed in the order of time');
      shared.isPartlyTooLate = true;
      if (shared.windows.length > 0) continue;
      this.#slices.delete(startMs);
      this.#ended.push(shared.slice);
      this.#series.endHolds(shared.slice.seriesIds);
      if (this.#latest === shared) this.#latest = undefined;
    }
  }

  #releaseEnded(): void {
    let left = releasesMax;
    while (left > 0 && this.#ended[0]) {
      const { seriesIds, rowsCount } = this.#ended[0];
      const released = seriesIds.subarray(this.#releasedCount, this.#releasedCount + left);
      for (const seriesId of released) this.#series.release(seriesId);
      left -= released.length;
      this.#releasedCount += released.length;
      if (this.#releasedCount < rowsCount) continue;
      this.#ended.shift();
      this.#releasedCount = 0;
    }
  }

  /** Before a point that is too late for some windows: those have all that they will get. */
  #settle(slice: Slice, seriesId: number): void {
    if (this.#closing.size === 0) return;
    for (const { startMs } of this.view.windows.assign(slice.startMs)) {
      this.#closing.get(startMs)?.settle(seriesId);
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

function isInside(timeMs: number, span: TimeWindow): boolean {
  return span.startMs <= timeMs && timeMs < span.endMs;
}

function inOrder(windows: Iterable<OpenWindow>): OpenWindow[] {
  return [...windows].toSorted((a, b) => a.endMs - b.endMs);
}
