import type { SequenceNumber } from '@highwater/model';
import type { Accumulator, AccumulatorLayout } from '../accumulators/accumulator-layout.ts';
import type { ListState } from '../accumulators/component.ts';
import { SeriesCounts } from './series-counts.ts';
import type { TimeWindow } from '../time-window.ts';
import type { ViewPoint } from './view-point.ts';

/** Columns of a row besides its accumulator. */
const column = { contributions: 0, newestEventTimeMs: 1, newestArrivalTimeMs: 2 } as const;
const columnsCount = Object.keys(column).length;
const rowsMin = 16;

/** The data needed to undo the first point of a slice. */
export interface SliceOrigin {
  /** The record whose point opened the slice. */
  readonly sequenceNumber: SequenceNumber;
  /** The watermark before that record. */
  readonly watermarkMs: number;
  /** The newest event time that had been taken before that record, or in it before that point. */
  readonly newestEventTimeMs: number;
}

/** The sum of the points of one series. */
export interface SeriesState {
  contributions: number;
  newestEventTimeMs: number;
  newestArrivalTimeMs: number;
  readonly accumulator: Accumulator;
}

/** The arrays of a slice, for snapshots. */
export interface SliceArrays {
  readonly seriesIds: Int32Array;
  readonly cells: Float64Array;
  /** Every row's lists, one behind the other, each behind its length. */
  readonly lists: Float64Array;
}

const noLists: readonly ListState[] = [];

/**
 * The points of a span of time that no window's bound divides, folded: a row for each series, in
 * typed arrays, so that a row of an average costs 48 bytes and no work for the garbage collector.
 */
export class Slice implements TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly origin: SliceOrigin;
  readonly #layout: AccumulatorLayout;
  readonly #stride: number;
  /** Row + 1; 0 means no row. */
  readonly #rows = new SeriesCounts();
  #seriesIds = new Int32Array(rowsMin);
  #cells: Float64Array;
  /** By row; empty when rows have no more than their cells. */
  readonly #lists: (readonly ListState[])[] = [];
  #rowsCount = 0;

  constructor(span: TimeWindow, layout: AccumulatorLayout, origin: SliceOrigin) {
    this.startMs = span.startMs;
    this.endMs = span.endMs;
    this.origin = origin;
    this.#layout = layout;
    this.#stride = columnsCount + layout.cellsCount;
    this.#cells = new Float64Array(rowsMin * this.#stride);
  }

  get rowsCount(): number {
    return this.#rowsCount;
  }

  /** The series of the rows, in the order in which they came. */
  get seriesIds(): Int32Array {
    return this.#seriesIds.subarray(0, this.#rowsCount);
  }

  /** Whether a series has a row. */
  has(seriesId: number): boolean {
    return this.#rows.get(seriesId) > 0;
  }

  /**
   * Folds a point in.
   *
   * @returns whether the series is new to the slice
   */
  add(point: ViewPoint): boolean {
    const { seriesId, eventTimeMs, arrivalTimeMs } = point;
    const known = this.#rows.get(seriesId);
    const row = known === 0 ? this.#addRow(seriesId) : known - 1;
    const cells = this.#cells;
    const base = row * this.#stride;
    cells[base + column.contributions] = (cells[base + column.contributions] as number) + 1;
    if (eventTimeMs > (cells[base + column.newestEventTimeMs] as number)) {
      cells[base + column.newestEventTimeMs] = eventTimeMs;
    }
    if (arrivalTimeMs > (cells[base + column.newestArrivalTimeMs] as number)) {
      cells[base + column.newestArrivalTimeMs] = arrivalTimeMs;
    }
    this.#layout.add(cells, base + columnsCount, this.#listsOf(row), point);
    return known === 0;
  }

  /** Folds the row of a series, if there is one, into what other slices hold. */
  mergeInto(state: SeriesState, seriesId: number): void {
    const known = this.#rows.get(seriesId);
    if (known === 0) return;
    const cells = this.#cells;
    const base = (known - 1) * this.#stride;
    const newestEventTimeMs = cells[base + column.newestEventTimeMs] as number;
    const newestArrivalTimeMs = cells[base + column.newestArrivalTimeMs] as number;
    state.contributions += cells[base + column.contributions] as number;
    state.newestEventTimeMs = Math.max(state.newestEventTimeMs, newestEventTimeMs);
    state.newestArrivalTimeMs = Math.max(state.newestArrivalTimeMs, newestArrivalTimeMs);
    const lists = this.#listsOf(known - 1);
    this.#layout.mergeState(state.accumulator, cells, base + columnsCount, lists);
  }

  /** Views of the arrays, to be copied before the slice changes. */
  arrays(): SliceArrays {
    return {
      seriesIds: this.seriesIds,
      cells: this.#cells.subarray(0, this.#rowsCount * this.#stride),
      lists: Float64Array.from(this.#encodeLists()),
    };
  }

  /**
   * Fills an empty slice from the arrays of a snapshot, with the series' numbers of now. Rows whose
   * series has become one are added up.
   */
  restore({ seriesIds, cells, lists }: SliceArrays): void {
    const stride = this.#stride;
    let at = 0;
    for (const [index, seriesId] of seriesIds.entries()) {
      const known = this.#rows.get(seriesId);
      const row = known === 0 ? this.#addRow(seriesId) : known - 1;
      for (const list of this.#listsOf(row)) {
        const length = lists[at] ?? 0;
        list.merge(Array.from(lists.subarray(at + 1, at + 1 + length)));
        at += 1 + length;
      }
      const from = cells.subarray(index * stride, (index + 1) * stride);
      if (known === 0) this.#cells.set(from, row * stride);
      else this.#mergeCells(row * stride, from);
    }
  }

  #mergeCells(base: number, from: Float64Array): void {
    const cells = this.#cells;
    const { contributions, newestEventTimeMs, newestArrivalTimeMs } = column;
    cells[base + contributions] = (cells[base + contributions] ?? 0) + (from[contributions] ?? 0);
    for (const newest of [newestEventTimeMs, newestArrivalTimeMs]) {
      cells[base + newest] = Math.max(cells[base + newest] ?? 0, from[newest] ?? 0);
    }
    this.#layout.mergeCells(cells, base + columnsCount, from, columnsCount);
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
    const row = this.#rowsCount++;
    this.#seriesIds[row] = seriesId;
    this.#rows.set(seriesId, row + 1);
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
