import type { Firing, Point, SequenceNumber, WindowPartial } from '@highwater/model';
import { compareSequence } from '@highwater/model';
import type { WindowOrigin } from './open-window.ts';
import { SeriesDictionary } from './series-dictionary.ts';
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
  /** Its time is too far ahead of its arrival; it moved nothing. */
  | 'future';

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
}

/**
 * Aggregates one shard's points by series and window, for all views. What it accepts and computes is
 * a pure function of the points in order; `fire` only emits earlier.
 */
export class WindowOperator {
  readonly options: WindowOperatorOptions;
  readonly series = new SeriesDictionary();
  readonly views: readonly ViewWindows[];
  readonly #watermark: Watermark;

  constructor(options: WindowOperatorOptions) {
    this.options = options;
    this.views = options.views.map((view) => new ViewWindows(view, options.source, this.series));
    this.#watermark = new Watermark(options.outOfOrdernessMs, options.watermarkMs);
  }

  /** −Infinity before the first point. */
  get watermarkMs(): number {
    return this.#watermark.currentMs;
  }

  /** Rows whose windows still take points. */
  get openRows(): number {
    return this.views.reduce((sum, view) => sum + view.openRows, 0);
  }

  /** Windows that still take points, over all views. */
  get openWindows(): number {
    return this.views.reduce((sum, view) => sum + view.windows.length, 0);
  }

  /** The first record that an open window still needs; undefined when none is open. */
  get replayFrom(): WindowOrigin | undefined {
    let first: WindowOrigin | undefined;
    for (const view of this.views) {
      for (const { origin } of view.windows) {
        const isEarlier =
          !first || compareSequence(origin.sequenceNumber, first.sequenceNumber) < 0;
        if (isEarlier) first = origin;
      }
    }
    return first;
  }

  /** Folds one point in and advances the watermark by it. */
  add(point: Point, { sequenceNumber, arrivalTimeMs }: PointOrigin): PointOutcome {
    const eventTimeMs = point.timeMs;
    if (eventTimeMs > arrivalTimeMs + this.options.maxFutureSkewMs) return 'future';
    const outcome = this.#fold(
      point,
      { sequenceNumber, watermarkMs: this.watermarkMs },
      arrivalTimeMs,
    );
    if (this.#watermark.observe(eventTimeMs)) {
      for (const view of this.views) view.advance(this.watermarkMs);
    }
    return outcome;
  }

  /**
   * Gives the rows that are due since the last call. To be exhausted before the next `add`.
   */
  *drain(): Generator<WindowPartial> {
    for (const view of this.views) yield* view.drain();
  }

  /**
   * Gives the changed rows of windows that end by `endMsMax` although the watermark has not passed
   * them. Moves no watermark and closes no window. To be exhausted before the next `add`.
   */
  *fire(firing: Firing, endMsMax: number): Generator<WindowPartial> {
    for (const view of this.views) yield* view.fire(firing, endMsMax);
  }

  #fold(point: Point, origin: WindowOrigin, arrivalTimeMs: number): PointOutcome {
    const wanting = this.views.filter(({ view }) => view.matches(point.series));
    if (wanting.length === 0) return 'unmatched';
    const seriesId = this.series.intern(point.series);
    const value = Number(point.value);
    const viewPoint = { seriesId, value, eventTimeMs: point.timeMs, arrivalTimeMs };
    const outcomes = wanting.map((view) => view.add(viewPoint, origin));
    this.series.releaseUnheld(seriesId);
    return combine(outcomes);
  }
}

function combine(outcomes: readonly ViewOutcome[]): PointOutcome {
  const refused = outcomes.filter((outcome) => outcome === 'too_late').length;
  if (refused === outcomes.length) return 'too_late';
  if (refused > 0) return 'partly_too_late';
  return outcomes.includes('refined') ? 'refined' : 'aggregated';
}
