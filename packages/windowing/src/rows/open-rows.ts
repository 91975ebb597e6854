import { seriesKey, type WindowPartial } from '@highwater/model';
import { LeastFirst } from './least-first.ts';
import { cleanupTimeMs, type TimeWindow } from '../time-window.ts';
import type { View } from '../views/view.ts';
import { SeriesTable } from './series-table.ts';
import { joinPartial, newViewRow, type ViewRow } from './view-row.ts';

/** The open rows of one window of one view, by series key. */
export interface WindowRows {
  readonly view: View;
  readonly window: TimeWindow;
  readonly cleanupMs: number;
  readonly rows: Map<string, ViewRow>;
}

/** The outcome of a partial. */
export type JoinOutcome =
  /** Its row includes more now. */
  | 'joined'
  /** Its row had all of it already: a re-delivery, or an older partial. */
  | 'unchanged'
  /** Its row was forgotten: it may fill a gap in the store, and cannot replace anything. */
  | 'orphan';

/** A row and where it belongs. */
export interface PlacedRow {
  readonly place: Omit<WindowRows, 'rows'>;
  readonly row: ViewRow;
}

/**
 * The rows whose partials are kept, so that any source may still add to them. The order of partials and
 * markers alone decides which rows are forgotten, and when.
 */
export class OpenRows {
  readonly #windows = new Map<string, WindowRows>();
  /** In the order in which they are forgotten. The senders of partials decide how many exist. */
  readonly #byCleanup = new LeastFirst<WindowRows>(isForgottenBefore);
  readonly #series = new SeriesTable();
  #rowsCount = 0;
  /** Windows cleaned up by this time have been forgotten; never falls. */
  #forgottenToMs = Number.NEGATIVE_INFINITY;

  get rowsCount(): number {
    return this.#rowsCount;
  }

  get forgottenToMs(): number {
    return this.#forgottenToMs;
  }

  get windows(): Iterable<WindowRows> {
    return this.#windows.values();
  }

  join(view: View, partial: WindowPartial): PlacedRow & { readonly outcome: JoinOutcome } {
    const key = seriesKey(partial.series);
    const { startMs, endMs } = partial;
    const cleanupMs = cleanupTimeMs(partial, view.allowedLatenessMs);
    const place = { view, window: { startMs, endMs }, cleanupMs };
    const known = this.#windows.get(windowKey(place))?.rows.get(key);
    if (known) {
      const outcome = joinPartial(known, partial) ? 'joined' : 'unchanged';
      return { place, row: known, outcome };
    }
    const isForgotten = cleanupMs <= this.#forgottenToMs;
    const row = newViewRow(
      this.#series.find(key) ?? partial.series,
      isForgotten ? 'orphan' : 'complete',
    );
    joinPartial(row, partial);
    if (isForgotten) return { place, row, outcome: 'orphan' };
    this.insert(place, key, row);
    return { place, row, outcome: 'joined' };
  }

  /** Adds a row that `join` or a snapshot has made. */
  insert(place: Omit<WindowRows, 'rows'>, key: string, row: ViewRow): void {
    const found = this.#windows.get(windowKey(place));
    const window = found ?? { ...place, rows: new Map<string, ViewRow>() };
    if (!found) {
      this.#windows.set(windowKey(place), window);
      this.#byCleanup.add(window);
    }
    if (window.rows.has(key)) {
      window.rows.set(key, row);
      return;
    }
    this.#rowsCount += 1;
    window.rows.set(this.#series.retain(key, row.series), row);
  }

  /** Forgets the rows of a view whose windows start before a time, and gives them. */
  forgetBefore(view: View, startMs: number): readonly PlacedRow[] {
    const forgotten: PlacedRow[] = [];
    for (const [key, { rows, ...place }] of this.#windows) {
      if (place.view !== view || place.window.startMs >= startMs) continue;
      this.#windows.delete(key);
      this.#empty(place, rows, forgotten);
    }
    return forgotten;
  }

  find(place: Omit<WindowRows, 'rows'>, key: string): ViewRow | undefined {
    return this.#windows.get(windowKey(place))?.rows.get(key);
  }

  /** Takes over what a saved state had forgotten; its rows that are still here stay. */
  raiseForgottenTo(forgottenToMs: number): void {
    this.#forgottenToMs = Math.max(this.#forgottenToMs, forgottenToMs);
  }

  /** Forgets the windows that are cleaned up by `settledMs`, and gives their rows. */
  forgetTo(settledMs: number): readonly PlacedRow[] {
    if (settledMs <= this.#forgottenToMs) return [];
    this.#forgottenToMs = settledMs;
    const forgotten: PlacedRow[] = [];
    while ((this.#byCleanup.least?.cleanupMs ?? Number.POSITIVE_INFINITY) <= settledMs) {
      this.#forgetNext(forgotten);
    }
    return forgotten;
  }

  /** Forgets the oldest windows until at most `rowsMax` rows are open, and gives their rows. */
  forgetBeyond(rowsMax: number): readonly PlacedRow[] {
    const forgotten: PlacedRow[] = [];
    while (this.#rowsCount > rowsMax) {
      const cleanupMs = this.#byCleanup.least?.cleanupMs ?? Number.NEGATIVE_INFINITY;
      // All windows that are cleaned up then, as at any other time.
      while (this.#byCleanup.least?.cleanupMs === cleanupMs) this.#forgetNext(forgotten);
      this.raiseForgottenTo(cleanupMs);
    }
    return forgotten;
  }

  #forgetNext(forgotten: PlacedRow[]): void {
    const window = this.#byCleanup.take();
    if (!window) return;
    const { rows, ...place } = window;
    const key = windowKey(place);
    // A row that `forgetBefore` has removed is empty, and another may have replaced it.
    if (this.#windows.get(key) === window) this.#windows.delete(key);
    this.#empty(place, rows, forgotten);
  }

  #empty(place: PlacedRow['place'], rows: Map<string, ViewRow>, forgotten: PlacedRow[]): void {
    this.#rowsCount -= rows.size;
    for (const [rowKey, row] of rows) {
      this.#series.release(rowKey);
      forgotten.push({ place, row });
    }
    rows.clear();
  }
}

/** Rows of one time are in the order of their keys, whatever the order in which they were opened. */
function isForgottenBefore(a: WindowRows, b: WindowRows): boolean {
  if (a.cleanupMs !== b.cleanupMs) return a.cleanupMs < b.cleanupMs;
  return windowKey(a) < windowKey(b);
}

function windowKey({ view, window }: Omit<WindowRows, 'rows'>): string {
  return `${view.name}\0${view.revision}\0${window.startMs}`;
}
