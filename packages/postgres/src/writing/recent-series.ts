import assert from 'node:assert/strict';

/** A series that the database has. */
export interface KnownSeries {
  readonly id: number;
  /** The view of the measure has all that rows of these types bring, as bits. */
  typesInView: number;
}

type SeriesByKey = Map<string, KnownSeries>;

/** What an entry takes besides its key, about. */
const entryCharacters = 200;

/**
 * The series that were used last, up to some weight: in two halves, of which the older one is forgotten
 * when the newer one is full. By measure first, for the key is long, is the same for all measures of a
 * set of dimensions, and has its hash already.
 */
export class RecentSeries {
  readonly #charactersMax: number;
  #newer = new Map<string, SeriesByKey>();
  #older = new Map<string, SeriesByKey>();
  #characters = 0;

  /** @param charactersMax of keys, in each of the two halves */
  constructor(charactersMax: number) {
    assert(charactersMax >= 1, `charactersMax=${charactersMax}`);
    this.#charactersMax = charactersMax;
  }

  get(measureName: string, key: string): KnownSeries | undefined {
    const series = this.#newer.get(measureName)?.get(key);
    if (series !== undefined) return series;
    const old = this.#older.get(measureName)?.get(key);
    if (old !== undefined) this.set(measureName, key, old);
    return old;
  }

  set(measureName: string, key: string, series: KnownSeries): void {
    let ofMeasure = this.#newer.get(measureName);
    if (ofMeasure === undefined) {
      ofMeasure = new Map();
      this.#newer.set(measureName, ofMeasure);
      this.#characters += measureName.length + entryCharacters;
    }
    ofMeasure.set(key, series);
    this.#characters += key.length + entryCharacters;
    if (this.#characters <= this.#charactersMax) return;
    this.#older = this.#newer;
    this.#newer = new Map();
    this.#characters = 0;
  }
}
