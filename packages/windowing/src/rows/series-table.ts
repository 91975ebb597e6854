import type { Series } from '@highwater/model';

interface Entry {
  readonly key: string;
  readonly series: Series;
  rowsCount: number;
}

/**
 * Each series once, with its key, for as long as rows of it are open. Every partial brings its own
 * copy of both, ten times as large as the rest of its row.
 */
export class SeriesTable {
  readonly #entries = new Map<string, Entry>();

  /** The copy that is kept of a series, if it has open rows. */
  find(key: string): Series | undefined {
    return this.#entries.get(key)?.series;
  }

  /**
   * Counts a row more of a series.
   *
   * @returns the copy of the key that is kept
   */
  retain(key: string, series: Series): string {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { key, series, rowsCount: 0 };
      this.#entries.set(key, entry);
    }
    entry.rowsCount += 1;
    return entry.key;
  }

  /** Counts a row less, and lets the series go with its last one. */
  release(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.rowsCount -= 1;
    if (entry.rowsCount === 0) this.#entries.delete(key);
  }
}
