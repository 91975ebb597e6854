import type { IncomingDimensions } from './incoming-record.ts';
import { digestOf, seriesText, type SeriesDigest } from './series-digest.ts';
import { SeriesIndex } from './series-index.ts';

/** A series that is not in the file yet. */
export interface NewSeries {
  readonly id: number;
  readonly measureName: string;
  readonly dimensions: IncomingDimensions;
  readonly digest: SeriesDigest;
}

/** Series whose text is kept, at most twice as many: a series that reports often is not digested. */
const recentMax = 50_000;

/** Numbers the series (measure name and dimensions) of a table. */
export class SeriesDictionary {
  readonly #index = new SeriesIndex();
  /** By text: those used since the last turn, and those used before it. */
  #recent = new Map<string, number>();
  #older = new Map<string, number>();
  #added: NewSeries[] = [];
  #nextId = 0;

  get size(): number {
    return this.#index.size;
  }

  /** Takes over a series that the file holds. */
  restore(id: number, digest: SeriesDigest): void {
    this.#index.set(digest, id);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  /** The number of a series; a new one is remembered until `takeAdded`. */
  idOf(measureName: string, dimensions: IncomingDimensions): number {
    const text = seriesText(measureName, dimensions);
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const id = this.#older.get(text) ?? this.#find(text, measureName, dimensions);
    if (this.#recent.size >= recentMax) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(text, id);
    return id;
  }

  /** The series added since the last call, to be written to the file. */
  takeAdded(): readonly NewSeries[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  #find(text: string, measureName: string, dimensions: IncomingDimensions): number {
    const digest = digestOf(text);
    const known = this.#index.find(digest);
    if (known !== undefined) return known;
    const id = this.#nextId;
    this.#nextId += 1;
    this.#index.set(digest, id);
    this.#added.push({ id, measureName, dimensions, digest });
    return id;
  }
}
