import type { Firing, Point, SequenceNumber, Series, WindowPartial } from '@highwater/model';
import { compareSequence } from '@highwater/model';
import { SeriesDictionary } from './series-dictionary.ts';
import { SeriesRoutes } from './series-routes.ts';
import type { SliceOrigin } from './slice.ts';
import type { View } from './view.ts';
import { ViewWindows, type ViewOutcome } from './view-windows.ts';
import { Watermark } from './watermark.ts';

/** What became of a point: exactly one of these. */
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
  | 'future';

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
  /** From a snapshot, or from the shard's parents. @default −Infinity */
  readonly watermarkMs?: number | undefined;
  /** From a snapshot: of the last record before it. */
  readonly sequenceNumber?: SequenceNumber | undefined;
}

/**
 * Aggregates one shard's points by series and window, for all views. What it accepts and computes is
 * a pure function of the points in order; `fire` only emits earlier.
 */
export class WindowOperator {
  readonly options: WindowOperatorOptions;
  readonly series = new SeriesDictionary();
  readonly views: readonly ViewWindows[];
  readonly #routes: SeriesRoutes;
  readonly #watermark: Watermark;
  #sequenceNumber: SequenceNumber | undefined;

  constructor(options: WindowOperatorOptions) {
    this.options = options;
    this.views = options.views.map((view) => new ViewWindows(view, options.source, this.series));
    this.#routes = new SeriesRoutes(options.views, this.series);
    this.#watermark = new Watermark(options.outOfOrdernessMs, options.watermarkMs);
    this.#sequenceNumber = options.sequenceNumber;
  }

  /** Of the last point; undefined before the first one. */
  get sequenceNumber(): SequenceNumber | undefined {
    return this.#sequenceNumber;
  }

  /** −Infinity before the first point. */
  get watermarkMs(): number {
    return this.#watermark.currentMs;
  }

  /** Rows of state whose windows still take points: one for each view, series and slice. */
  get openRows(): number {
    return this.views.reduce((sum, view) => sum + view.openRows, 0);
  }

  /** Windows that still take points, over all views. */
  get openWindows(): number {
    return this.views.reduce((sum, view) => sum + view.openWindows, 0);
  }

  /** The first record that an open window still needs; undefined when none is open. */
  get replayFrom(): SliceOrigin | undefined {
    let first: SliceOrigin | undefined;
    for (const view of this.views) {
      for (const { origin } of view.slices) {
        const isEarlier =
          !first || compareSequence(origin.sequenceNumber, first.sequenceNumber) < 0;
        if (isEarlier) first = origin;
      }
    }
    return first;
  }

  /** Folds one point in and advances the watermark by it. */
  add({ series, value, timeMs }: Point, origin: PointOrigin): PointOutcome {
    return this.addTo(noRoute, series, Number(value), timeMs, origin);
  }

  /**
   * Folds a value in and advances the watermark by it.
   *
   * @param route a number that the caller keeps for the points of this series, 0 or more; −1 for none
   */
  addTo(
    route: number,
    series: Series,
    value: number,
    eventTimeMs: number,
    { sequenceNumber, arrivalTimeMs }: PointOrigin,
  ): PointOutcome {
    this.#sequenceNumber = sequenceNumber;
    if (eventTimeMs > arrivalTimeMs + this.options.maxFutureSkewMs) return 'future';
    const { watermarkMs } = this;
    let combined: ViewOutcome | undefined;
    for (let index = 0; index < this.views.length; index++) {
      const seriesId =
        route < 0 ? this.#routes.find(index, series) : this.#routes.follow(route, index, series);
      const view = this.views[index];
      if (seriesId < 0 || !view) continue;
      const point = { seriesId, value, eventTimeMs, arrivalTimeMs, sequenceNumber, watermarkMs };
      const outcome = view.add(point);
      if (outcome !== 'aggregated') this.series.releaseUnheld(seriesId);
      combined = combined === undefined ? outcome : combine(combined, outcome);
    }
    if (this.#watermark.observe(eventTimeMs)) {
      for (const view of this.views) view.advance(this.watermarkMs);
    }
    return combined ?? 'unmatched';
  }

  /** Forgets the routes that callers keep: their numbers stand for other series from now on. */
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

/** What became of a point over two views; order does not matter. */
function combine(a: ViewOutcome, b: ViewOutcome): ViewOutcome {
  if (a === b || b === 'unassigned') return a;
  if (a === 'unassigned') return b;
  const isPart = (outcome: ViewOutcome) => outcome === 'too_late' || outcome === 'partly_too_late';
  return isPart(a) || isPart(b) ? 'partly_too_late' : 'refined';
}
