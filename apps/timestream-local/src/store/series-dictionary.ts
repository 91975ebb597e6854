import type { IncomingDimensions } from './incoming-record.ts';

/** A series that is not in the file yet. */
export interface NewSeries {
  readonly id: number;
  readonly measureName: string;
  readonly dimensions: IncomingDimensions;
}

/**
 * Numbers the series (measure name and dimensions) of a table. Compared in full, never by a hash:
 * two series that collide would be one.
 */
export class SeriesDictionary {
  readonly #ids = new Map<string, number>();
  #added: NewSeries[] = [];
  #nextId = 0;

  get size(): number {
    return this.#ids.size;
  }

  /** Takes over a series that the file holds. */
  restore(id: number, measureName: string, dimensions: IncomingDimensions): void {
    this.#ids.set(seriesText(measureName, dimensions), id);
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  /** The number of a series; a new one is remembered until `takeAdded`. */
  idOf(measureName: string, dimensions: IncomingDimensions): number {
    const text = seriesText(measureName, dimensions);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#nextId;
    this.#nextId += 1;
    this.#ids.set(text, id);
    this.#added.push({ id, measureName, dimensions });
    return id;
  }

  /** The series added since the last call, to be written to the file. */
  takeAdded(): readonly NewSeries[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }
}

/** Lengths go before the texts, so that no text can pass for a border. */
function seriesText(measureName: string, dimensions: IncomingDimensions): string {
  let text = `${measureName.length}:${measureName}`;
  for (const [name, value] of dimensions) {
    text += `${name.length}:${name}${value.length}:${value}`;
  }
  return text;
}
