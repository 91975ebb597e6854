import type { SequenceNumber } from '@highwater/model';
import type { AccumulatorLayout } from './accumulator-layout.ts';
import type { ListState } from './accumulators/component.ts';
import type { TimeWindow } from './time-window.ts';
import type { ViewPoint } from './view-point.ts';

/** Columns of a row besides its accumulator. */
const column = {
  contributions: 0,
  lateContributions: 1,
  /** Contributions when the row was last emitted; fewer than now means that it is due again. */
  emittedContributions: 2,
  newestEventTimeMs: 3,
  newestArrivalTimeMs: 4,
} as const;
const columnsCount = Object.keys(column).length;
const rowsMin = 16;

/** What is needed to go back to the first point of a window. */
export interface WindowOrigin {
  /** The record whose point opened the window. */
  readonly sequenceNumber: SequenceNumber;
  /** The watermark before that record. */
  readonly watermarkMs: number;
}

/** One row as it is emitted. */
export interface RowState {
  readonly seriesId: number;
  readonly contributions: number;
  readonly lateContributions: number;
  readonly newestEventTimeMs: number;
  readonly newestArrivalTimeMs: number;
  readonly accumulator: readonly number[];
}

/** The arrays of a window, for snapshots. */
export interface WindowArrays {
  readonly seriesIds: Int32Array;
  readonly cells: Float64Array;
  /** Every row's lists, one behind the other, each behind its length. */
  readonly lists: Float64Array;
}

const noLists: readonly ListState[] = [];

/**
 * The open state of one window of one view: a row for each series seen in it, in typed arrays, so
 * that a row of an average costs 64 bytes and no work for the garbage collector.
 */
export class OpenWindow implements TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly origin: WindowOrigin;
  /** The watermark has passed the window's end: points that come now are late. */
  isPassed = false;
  readonly #layout: AccumulatorLayout;
  readonly #stride: number;
  #rowOfSeries = new Int32Array(rowsMin); // row + 1; 0 is no row
  #seriesIds = new Int32Array(rowsMin);
  #cells: Float64Array;
  /** By row; empty when rows have no more than their cells. */
  readonly #lists: (readonly ListState[])[] = [];
  #rowsCount = 0;
  #dueRows: number[] = [];

  constructor(window: TimeWindow, layout: AccumulatorLayout, origin: WindowOrigin) {
    this.startMs = window.startMs;
    this.endMs = window.endMs;
    this.origin = origin;
    this.#layout = layout;
    this.#stride = columnsCount + layout.cellsCount;
    this.#cells = new Float64Array(rowsMin * this.#stride);
  }

  get rowsCount(): number {
    return this.#rowsCount;
  }

  /** The series of the window's rows, in the order in which they came. */
  get seriesIds(): Int32Array {
    return this.#seriesIds.subarray(0, this.#rowsCount);
  }

  /**
   * Folds a point in.
   *
   * @returns whether the series is new to the window
   */
  add(point: ViewPoint): boolean {
    const { seriesId, eventTimeMs, arrivalTimeMs } = point;
    const known = this.#rowOfSeries[seriesId] ?? 0;
    const row = known === 0 ? this.#addRow(seriesId) : known - 1;
    const cells = this.#cells;
    const base = row * this.#stride;
    const contributions = cells[base + column.contributions] ?? 0;
    if (this.isPassed) {
      cells[base + column.lateContributions] = (cells[base + column.lateContributions] ?? 0) + 1;
      if (contributions === cells[base + column.emittedContributions]) this.#dueRows.push(row);
    }
    cells[base + column.contributions] = contributions + 1;
    if (eventTimeMs > (cells[base + column.newestEventTimeMs] ?? 0)) {
      cells[base + column.newestEventTimeMs] = eventTimeMs;
    }
    if (arrivalTimeMs > (cells[base + column.newestArrivalTimeMs] ?? 0)) {
      cells[base + column.newestArrivalTimeMs] = arrivalTimeMs;
    }
    this.#layout.add(cells, base + columnsCount, this.#listsOf(row), point);
    return known === 0;
  }

  /** Makes every row due that has changed since it was emitted. */
  markChanged(): void {
    const due: number[] = [];
    for (let row = 0; row < this.#rowsCount; row++) {
      const base = row * this.#stride;
      const emitted = this.#cells[base + column.emittedContributions] ?? 0;
      if ((this.#cells[base + column.contributions] ?? 0) > emitted) due.push(row);
    }
    this.#dueRows = due;
  }

  get hasDueRows(): boolean {
    return this.#dueRows.length > 0;
  }

  /** Gives the rows that are due, each once, and takes them as emitted. */
  *takeDueRows(): Generator<RowState> {
    const due = this.#dueRows;
    this.#dueRows = [];
    for (const row of due) {
      const base = row * this.#stride;
      const [
        contributions = 0,
        lateContributions = 0,
        ,
        newestEventTimeMs = 0,
        newestArrivalTimeMs = 0,
      ] = this.#cells.subarray(base, base + columnsCount);
      this.#cells[base + column.emittedContributions] = contributions;
      yield {
        seriesId: this.#seriesIds[row] ?? 0,
        contributions,
        lateContributions,
        newestEventTimeMs,
        newestArrivalTimeMs,
        accumulator: this.#layout.encode(this.#cells, base + columnsCount, this.#listsOf(row)),
      };
    }
  }

  /** Views of the arrays, to be copied before the window changes. */
  arrays(): WindowArrays {
    return {
      seriesIds: this.seriesIds,
      cells: this.#cells.subarray(0, this.#rowsCount * this.#stride),
      lists: Float64Array.from(this.#encodeLists()),
    };
  }

  /** Fills an empty window from the arrays of a snapshot, with the series' numbers of now. */
  restore({ seriesIds, cells, lists }: WindowArrays): void {
    let at = 0;
    for (const seriesId of seriesIds) {
      const row = this.#addRow(seriesId);
      for (const list of this.#listsOf(row)) {
        const length = lists[at] ?? 0;
        list.merge(Array.from(lists.subarray(at + 1, at + 1 + length)));
        at += 1 + length;
      }
    }
    this.#cells.set(cells);
  }

  #listsOf(row: number): readonly ListState[] {
    return this.#lists[row] ?? noLists;
  }

  *#encodeLists(): Generator<number> {
    for (const lists of this.#lists) {
      for (const list of lists) {
        const numbers = list.encode();
        yield numbers.length;
        yield* numbers;
      }
    }
  }

  #addRow(seriesId: number): number {
    if (this.#rowsCount === this.#seriesIds.length) this.#growRows();
    if (seriesId >= this.#rowOfSeries.length) {
      const grown = new Int32Array(Math.max(seriesId + 1, this.#rowOfSeries.length * 2));
      grown.set(this.#rowOfSeries);
      this.#rowOfSeries = grown;
    }
    const row = this.#rowsCount++;
    this.#seriesIds[row] = seriesId;
    this.#rowOfSeries[seriesId] = row + 1;
    const base = row * this.#stride;
    this.#cells[base + column.newestEventTimeMs] = Number.NEGATIVE_INFINITY;
    this.#cells[base + column.newestArrivalTimeMs] = Number.NEGATIVE_INFINITY;
    this.#layout.clear(this.#cells, base + columnsCount);
    if (this.#layout.hasLists) this.#lists[row] = this.#layout.newLists();
    return row;
  }

  #growRows(): void {
    const rows = this.#seriesIds.length * 2;
    const seriesIds = new Int32Array(rows);
    seriesIds.set(this.#seriesIds);
    this.#seriesIds = seriesIds;
    const cells = new Float64Array(rows * this.#stride);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}
