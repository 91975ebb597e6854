import type { AccumulatorLayout } from '../accumulators/accumulator-layout.ts';
import { SeriesCounts } from './series-counts.ts';
import type { SeriesState, Slice } from './slice.ts';
import type { TimeWindow } from '../time-window.ts';

/** One row in its emitted form. */
export interface RowState {
  readonly seriesId: number;
  readonly contributions: number;
  readonly lateContributions: number;
  readonly newestEventTimeMs: number;
  readonly newestArrivalTimeMs: number;
  readonly accumulator: readonly number[];
}

/** The state of a window in addition to that of its slices, for snapshots. */
export interface RowMarks {
  /** A series and a number behind each other. */
  readonly late: Int32Array;
  readonly emitted: Int32Array;
  readonly due: Int32Array;
}

/**
 * A window of one view that still takes points. Its rows lie in its slices, which it shares with the
 * windows that overlap it; it keeps only which of them are due.
 */
export class OpenWindow implements TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly #layout: AccumulatorLayout;
  readonly #slices: Slice[] = [];
  #isPassed = false;
  /** All rows that have changed since they were emitted are due, not only those in `#due`. */
  #isAllDue = false;
  /** Rows that late points have changed. */
  #due = new Set<number>();
  /** Points that came after the watermark had passed the window's end. */
  #late: SeriesCounts | undefined;
  /** Contributions of the rows that were emitted before that. */
  #emitted: SeriesCounts | undefined;
  /** Rows of a window that takes no more points, as they were before its slices took another. */
  readonly #settled = new Map<number, RowState | undefined>();

  constructor(window: TimeWindow, layout: AccumulatorLayout) {
    this.startMs = window.startMs;
    this.endMs = window.endMs;
    this.#layout = layout;
  }

  /** In the order of time. */
  get slices(): readonly Slice[] {
    return this.#slices;
  }

  /** The watermark has passed the window's end: points that come now are late. */
  get isPassed(): boolean {
    return this.#isPassed;
  }

  /** Rows of the slice that has the most: the window has no fewer. */
  get rowsCountMin(): number {
    return this.#slices.reduce((most, { rowsCount }) => Math.max(most, rowsCount), 0);
  }

  get hasDueRows(): boolean {
    return this.#isAllDue || this.#due.size > 0;
  }

  /** Takes in a slice of the window's span. */
  insert(slice: Slice): void {
    const slices = this.#slices;
    let [low, high] = [0, slices.length];
    // Mostly it is the last one.
    if (high > 0 && (slices[high - 1] as Slice).startMs < slice.startMs) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((slices[middle] as Slice).startMs < slice.startMs) low = middle + 1;
      else high = middle;
    }
    slices.splice(low, 0, slice);
  }

  /** The watermark passes the window's end: every row that has changed is due. */
  pass(): void {
    this.#isPassed = true;
    this.#isAllDue = true;
  }

  /** A late point has changed the row of a series. */
  refine(seriesId: number): void {
    this.#late ??= new SeriesCounts();
    this.#late.set(seriesId, this.#late.get(seriesId) + 1);
    this.#due.add(seriesId);
  }

  /** Makes every row due that has changed since it was emitted. */
  markChanged(): void {
    // Once it has passed, each change is marked by `refine`.
    if (!this.#isPassed) this.#isAllDue = true;
  }

  /** Makes the current row of a series due, because its identity changes. */
  emitAgain(seriesId: number): void {
    if (this.#isPassed) this.#due.add(seriesId);
    else this.#emitted?.set(seriesId, 0);
  }

  /** Saves the current row of a series for `takeDueRows`, before a slice accepts another point. */
  settle(seriesId: number): void {
    if (this.hasDueRows && !this.#settled.has(seriesId)) {
      this.#settled.set(seriesId, this.#read(seriesId));
    }
  }

  /** Gives the rows that are due, each once, and takes them as emitted. */
  *takeDueRows(): Generator<RowState> {
    const due = this.#isAllDue ? this.#seriesIds() : this.#due;
    const emitted = this.#emitted;
    this.#isAllDue = false;
    this.#due = new Set();
    if (this.#isPassed) this.#emitted = undefined;
    else this.#emitted ??= new SeriesCounts();
    for (const seriesId of due) {
      const row = this.#settled.has(seriesId) ? this.#settled.get(seriesId) : this.#read(seriesId);
      if (!row || row.contributions === emitted?.get(seriesId)) continue;
      this.#emitted?.set(seriesId, row.contributions);
      yield row;
    }
  }

  /** For a snapshot. */
  rows(): RowMarks {
    const due = Int32Array.from(this.#isAllDue ? this.#seriesIds() : this.#due);
    const [late, emitted] = [this.#late, this.#emitted];
    return { late: late?.pairs() ?? none, emitted: emitted?.pairs() ?? none, due };
  }

  /** From a snapshot, with the series' numbers of now. */
  restore(isPassed: boolean, { late, emitted, due }: RowMarks): void {
    this.#isPassed = isPassed;
    this.#late = countsOf(late);
    this.#emitted = countsOf(emitted);
    this.#due = new Set(due);
  }

  #read(seriesId: number): RowState | undefined {
    const accumulator = this.#layout.create();
    const state: SeriesState = {
      contributions: 0,
      newestEventTimeMs: Number.NEGATIVE_INFINITY,
      newestArrivalTimeMs: Number.NEGATIVE_INFINITY,
      accumulator,
    };
    for (const slice of this.#slices) slice.mergeInto(state, seriesId);
    const { contributions, newestEventTimeMs, newestArrivalTimeMs } = state;
    if (contributions === 0) return undefined;
    return {
      seriesId,
      contributions,
      lateContributions: this.#late?.get(seriesId) ?? 0,
      newestEventTimeMs,
      newestArrivalTimeMs,
      accumulator: this.#layout.encode(accumulator.cells, 0, accumulator.lists),
    };
  }

  /** The series that have a row in any slice, each once. */
  *#seriesIds(): Generator<number> {
    const [first] = this.#slices;
    if (this.#slices.length === 1) yield* first?.seriesIds ?? [];
    if (this.#slices.length <= 1) return;
    const seen = new SeriesCounts();
    for (const slice of this.#slices) {
      for (const seriesId of slice.seriesIds) {
        if (seen.get(seriesId) > 0) continue;
        seen.set(seriesId, 1);
        yield seriesId;
      }
    }
  }
}

const none = new Int32Array();

function countsOf(pairs: Int32Array): SeriesCounts | undefined {
  if (pairs.length === 0) return undefined;
  const counts = new SeriesCounts();
  for (let at = 0; at < pairs.length; at += 2) {
    const seriesId = pairs[at] ?? 0;
    counts.set(seriesId, counts.get(seriesId) + (pairs[at + 1] ?? 0));
  }
  return counts;
}
