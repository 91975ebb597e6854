import type { Firing, Point, SequenceNumber, Series, WindowPartial } from '@highwater/model';
import { compareSequence, isTooFarAhead } from '@highwater/model';
import { SeriesDictionary } from './series-dictionary.ts';
import { SeriesRoutes } from './series-routes.ts';
import type { SliceOrigin } from './slice.ts';
import type { View } from '../views/view.ts';
import { ViewWindows, type ShardProgress, type ViewOutcome } from './view-windows.ts';
import { Watermark } from './watermark.ts';

/** The outcome of a point: exactly one of these. */
export type PointOutcome =
  /** Folded into windows that the watermark had not passed. */
  | 'aggregated'
  /** Folded in, and at least one of the windows had fired: its rows are corrected. */
  | 'refined'
  /** Every window that it belongs to is final. */
  | 'too_late'
  /** Folded into some windows, too late for others. */
  | 'partly_too_late'
  /** No view wants it. */
  | 'unmatched'
  /** It lies between the windows of the views that want it. */
  | 'unassigned'
  /** Its time is too far ahead of its arrival; it moved nothing. */
  | 'future'
  /** It is of a new series, and the shard has as many in its open windows as it may. */
  | 'too_many_series'
  /** It would open windows, and the shard has as many open as it may. */
  | 'too_many_windows'
  /** It would open rows, and the shard has as many open as it may. */
  | 'too_many_rows';

const noRoute = -1;

/** Where a point came from. */
export interface PointOrigin {
  readonly sequenceNumber: SequenceNumber;
  readonly arrivalTimeMs: number;
}

/** How an operator works. */
export interface WindowOperatorOptions {
  readonly views: readonly View[];
  /** The shard whose points these are: the source of every partial. */
  readonly source: string;
  readonly outOfOrdernessMs: number;
  readonly maxFutureSkewMs: number;
  /**
   * Maximum series in open windows, over all views: some 1,000 bytes each. Beyond it, points of new
   * series are rejected until windows have closed, and points of known series are still accepted.
   * @default unbounded
   */
  readonly seriesMax?: number | undefined;
  /**
   * Maximum open windows, over all views: some 4,000 bytes each. Beyond it, points that would open
   * further ones are rejected until windows have closed. One point may open all of its own.
   * @default unbounded
   */
  readonly windowsMax?: number | undefined;
  /**
   * Maximum open rows, over all views: one for each series and slice of time. Beyond it, points
   * that would open further ones are rejected until windows have closed. One point may open one per
   * view. @default unbounded
   */
  readonly rowsMax?: number | undefined;
}

/**
 * Where an operator starts: from a snapshot, from the shard's parents, or from the start of a
 * replay.
 */
export interface OperatorProgress {
  /** @default −Infinity */
  readonly watermarkMs?: number | undefined;
  /** The newest event time of all points taken. @default −Infinity */
  readonly newestEventTimeMs?: number | undefined;
  /** Of the last record, when there was one. */
  readonly sequenceNumber?: SequenceNumber | undefined;
  /** The newest time in that record, when more of it may come. @default −Infinity */
  readonly recordMs?: number | undefined;
}

/**
 * Aggregates one shard's points by series and window, for all views. What it accepts and computes is
 * a pure function of the points in order; `fire` only emits earlier.
 */
export class WindowOperator implements ShardProgress {
  readonly options: WindowOperatorOptions;
  readonly series = new SeriesDictionary();
  readonly views: readonly ViewWindows[];
  readonly #routes: SeriesRoutes;
  readonly #watermark: Watermark;
  /** Beyond it a point could add more series than there is room for: one for each view. */
  readonly #seriesTarget: number;
  readonly #windowsMax: number;
  readonly #rowsMax: number;
  #sequenceNumber: SequenceNumber | undefined;
  #newestEventTimeMs: number;

  constructor(options: WindowOperatorOptions, progress: OperatorProgress = {}) {
    const { watermarkMs, recordMs, sequenceNumber, newestEventTimeMs } = progress;
    this.options = options;
    this.views = options.views.map(
      (view) => new ViewWindows(view, options.source, this.series, this),
    );
    this.#routes = new SeriesRoutes(options.views, this.series);
    this.#watermark = new Watermark(options.outOfOrdernessMs, watermarkMs, recordMs);
    this.#seriesTarget = Math.max(
      0,
      (options.seriesMax ?? Number.POSITIVE_INFINITY) - options.views.length,
    );
    this.#windowsMax = options.windowsMax ?? Number.POSITIVE_INFINITY;
    this.#rowsMax = options.rowsMax ?? Number.POSITIVE_INFINITY;
    this.#sequenceNumber = sequenceNumber;
    this.#newestEventTimeMs = newestEventTimeMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Of the last point; undefined before the first one. */
  get sequenceNumber(): SequenceNumber | undefined {
    return this.#sequenceNumber;
  }

  /** −Infinity before the first record has ended. */
  get watermarkMs(): number {
    return this.#watermark.currentMs;
  }

  /** The newest time in a record of which more may come; −Infinity when there is none. */
  get recordMs(): number {
    return this.#watermark.recordMs;
  }

  /** Of all points taken, however far ahead of their arrival; −Infinity before the first one. */
  get newestEventTimeMs(): number {
    return this.#newestEventTimeMs;
  }

  /** Rows of state whose windows still take points: one for each view, series and slice. */
  get openRows(): number {
    return this.series.openHolds;
  }

  /** Windows that still take points, over all views. */
  get openWindows(): number {
    let windows = 0;
    for (const view of this.views) windows += view.openWindows;
    return windows;
  }

  /** The first record that an open window still needs; undefined when none is open. */
  get replayFrom(): SliceOrigin | undefined {
    let first: SliceOrigin | undefined;
    for (const view of this.views) {
      for (const { origin } of view.slices) {
        if (!first || isEarlier(origin, first)) first = origin;
      }
    }
    return first;
  }

  /** Folds one point in. The watermark takes it into account when its record ends. */
  add({ series, value, timeMs }: Point, origin: PointOrigin): PointOutcome {
    const rounded = Number(value);
    const isWhole = series.measureValueType === 'BIGINT';
    const rest = isWhole ? restOf(value, rounded) : 0;
    return this.addTo(noRoute, series, rounded, isWhole, timeMs, origin, rest);
  }

  /**
   * Adds a value. All points of a record are judged by the watermark before it, whatever their
   * order. All records of an aggregate (one sequence number) count as one record.
   *
   * @param route a number that the caller keeps for the points of this series, 0 or more; −1 for
   * none
   * @param isWhole whether the value is a BIGINT. The caller has the type at hand, while the series
   * may be far away in memory
   * @param rest the part lost by rounding a BIGINT to `value`
   */
  addTo(
    route: number,
    series: Series,
    value: number,
    isWhole: boolean,
    eventTimeMs: number,
    { sequenceNumber, arrivalTimeMs }: PointOrigin,
    rest = 0,
  ): PointOutcome {
    if (this.#watermark.isOpen && sequenceNumber !== this.#sequenceNumber) this.endRecord();
    this.#sequenceNumber = sequenceNumber;
    if (isTooFarAhead(eventTimeMs, arrivalTimeMs, this.options.maxFutureSkewMs)) return 'future';
    if (this.series.openCount > this.#seriesTarget && this.#opensSeries(route, series)) {
      // Advances time. Otherwise, windows would never close.
      this.#watermark.observe(eventTimeMs, arrivalTimeMs);
      return 'too_many_series';
    }
    if (this.openWindows >= this.#windowsMax && this.#opensWindows(series, eventTimeMs)) {
      this.#watermark.observe(eventTimeMs, arrivalTimeMs);
      return 'too_many_windows';
    }
    if (this.series.openHolds >= this.#rowsMax && this.#opensRows(route, series, eventTimeMs)) {
      this.#watermark.observe(eventTimeMs, arrivalTimeMs);
      return 'too_many_rows';
    }
    let combined: ViewOutcome | undefined;
    for (let index = 0; index < this.views.length; index++) {
      const seriesId = this.#seriesId(route, index, series);
      const view = this.views[index];
      if (seriesId < 0 || !view) continue;
      const outcome = view.add({
        seriesId,
        value,
        rest,
        isWhole,
        eventTimeMs,
        arrivalTimeMs,
        sequenceNumber,
      });
      if (outcome !== 'aggregated') this.series.releaseUnheld(seriesId);
      combined = combined === undefined ? outcome : combine(combined, outcome);
    }
    this.#watermark.observe(eventTimeMs, arrivalTimeMs);
    if (eventTimeMs > this.#newestEventTimeMs) this.#newestEventTimeMs = eventTimeMs;
    return combined ?? 'unmatched';
  }

  /** The number of the row's series in a view; −1 when the view does not want the series. */
  #seriesId(route: number, viewIndex: number, series: Series): number {
    return route < 0
      ? this.#routes.find(viewIndex, series)
      : this.#routes.follow(route, viewIndex, series);
  }

  /** Whether a point would add a series to the series in open windows. */
  #opensSeries(route: number, series: Series): boolean {
    let isNew = false;
    for (let index = 0; index < this.views.length; index++) {
      const seriesId = this.#seriesId(route, index, series);
      if (seriesId < 0 || this.series.isOpen(seriesId)) continue;
      isNew = true;
      this.series.releaseUnheld(seriesId);
    }
    return isNew;
  }

  /** Whether a point would add to the open windows. */
  #opensWindows(series: Series, eventTimeMs: number): boolean {
    const { watermarkMs } = this;
    return this.views.some(
      (each) => each.view.matches(series) && each.opensWindows(eventTimeMs, watermarkMs),
    );
  }

  /** Whether a point would add to the open rows. */
  #opensRows(route: number, series: Series, eventTimeMs: number): boolean {
    let isNew = false;
    for (const [index, view] of this.views.entries()) {
      const seriesId = this.#seriesId(route, index, series);
      if (seriesId < 0) continue;
      isNew ||= view.opensRow(seriesId, eventTimeMs, this.watermarkMs);
      this.series.releaseUnheld(seriesId);
    }
    return isNew;
  }

  /**
   * Advances the watermark by the record whose points were added. An aggregate whose end is not
   * known ends with the next record, an idle shard or the shard's end: no point of it can come then.
   */
  endRecord(): void {
    if (!this.#watermark.endRecord()) return;
    for (const view of this.views) view.advance(this.watermarkMs);
  }

  /** Invalidates the routes that callers keep, because their numbers now represent other series. */
  forgetRoutes(): void {
    this.#routes.clear();
  }

  /**
   * Gives the rows that are due since the last call. To be exhausted before the next `add`.
   */
  *drain(): Generator<WindowPartial> {
    for (const view of this.views) yield* view.drain();
  }

  /**
   * Gives what the clock makes due: running results of open windows, and corrections that waited. It
   * decides only when, never what: moves no watermark and closes no window. To be exhausted before
   * the next `add`.
   *
   * @param nowMs wall clock
   */
  *tick(nowMs: number): Generator<WindowPartial> {
    for (const view of this.views) yield* view.tick(nowMs);
  }

  /** Rows whose running results wait until the store would take them. */
  earlyWaitingRows(nowMs: number): number {
    return this.views.reduce((sum, view) => sum + view.earlyWaitingRows(nowMs), 0);
  }

  /**
   * Gives the changed rows of windows that end by `endMsMax` although the watermark has not passed
   * them. Moves no watermark and closes no window. To be exhausted before the next `add`.
   */
  *fire(firing: Firing, endMsMax: number): Generator<WindowPartial> {
    for (const view of this.views) yield* view.fire(firing, endMsMax);
  }
}

/** A double has 53 bits, and a BIGINT 64. */
function restOf(text: string, rounded: number): number {
  return Number.isSafeInteger(rounded) ? 0 : Number(BigInt(text) - BigInt(rounded));
}

/** The first of one record's points. */
function isEarlier(a: SliceOrigin, b: SliceOrigin): boolean {
  const order = compareSequence(a.sequenceNumber, b.sequenceNumber);
  return order < 0 || (order === 0 && a.newestEventTimeMs < b.newestEventTimeMs);
}

/** The combined outcome of a point over two views; the order does not matter. */
function combine(a: ViewOutcome, b: ViewOutcome): ViewOutcome {
  if (a === b || b === 'unassigned') return a;
  if (a === 'unassigned') return b;
  const isPart = (outcome: ViewOutcome) => outcome === 'too_late' || outcome === 'partly_too_late';
  return isPart(a) || isPart(b) ? 'partly_too_late' : 'refined';
}
