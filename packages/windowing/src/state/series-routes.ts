import type { Series } from '@highwater/model';
import type { SeriesDictionary } from './series-dictionary.ts';
import type { View } from '../views/view.ts';

/** The state of a view on a route, instead of the generation of its series. */
const unknown = 0;
const unwanted = -1;
const routesMin = 64;

/**
 * Where points go: for each view the number of the row's series. Routes that are kept lie in two
 * arrays of numbers, so that a point of a known series makes no object and no search.
 */
export class SeriesRoutes {
  readonly #views: readonly View[];
  readonly #dictionary: SeriesDictionary;
  /** By route, then by view. */
  #seriesIds: Int32Array;
  /** The generation of each of these numbers, plus one. */
  #generations: Int32Array;

  constructor(views: readonly View[], dictionary: SeriesDictionary) {
    this.#views = views;
    this.#dictionary = dictionary;
    this.#seriesIds = new Int32Array(routesMin * views.length);
    this.#generations = new Int32Array(routesMin * views.length);
  }

  /** The number of the row's series in a view; −1 when the view does not want the series. */
  find(viewIndex: number, series: Series): number {
    const view = this.#views[viewIndex];
    return view?.matches(series) ? this.#dictionary.intern(view.group(series)) : -1;
  }

  /** As `find`, on a route that is kept under a number for the points of one series. */
  follow(route: number, viewIndex: number, series: Series): number {
    const at = route * this.#views.length + viewIndex;
    const generation = this.#generations[at] ?? unknown;
    if (generation === unwanted) return -1;
    const seriesId = this.#seriesIds[at] ?? 0;
    // A number may have been forgotten, and given to another series since.
    const isStill =
      generation !== unknown && generation === this.#dictionary.generationOf(seriesId) + 1;
    return isStill ? seriesId : this.#keep(at, viewIndex, series);
  }

  /** Forgets the routes that are kept: their numbers are given anew. */
  clear(): void {
    this.#generations.fill(unknown);
  }

  #keep(at: number, viewIndex: number, series: Series): number {
    if (at >= this.#seriesIds.length) {
      this.#seriesIds = grown(this.#seriesIds, at + 1);
      this.#generations = grown(this.#generations, at + 1);
    }
    const seriesId = this.find(viewIndex, series);
    this.#seriesIds[at] = seriesId;
    this.#generations[at] = seriesId < 0 ? unwanted : this.#dictionary.generationOf(seriesId) + 1;
    return seriesId;
  }
}

function grown(numbers: Int32Array, lengthMin: number): Int32Array {
  const copy = new Int32Array(Math.max(lengthMin, numbers.length * 2));
  copy.set(numbers);
  return copy;
}
