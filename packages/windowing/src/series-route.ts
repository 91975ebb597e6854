import type { Series } from '@highwater/model';
import type { SeriesDictionary } from './series-dictionary.ts';
import type { View } from './view.ts';

/** Where the points of one series go: for each view the row's series and its number. */
export interface SeriesRoute {
  /** In the order of the views; undefined for a view that does not want the series. */
  readonly stops: readonly (RouteStop | undefined)[];
  readonly isWanted: boolean;
}

/** One view on a route. */
export interface RouteStop {
  /** The object that the dictionary holds, as far as it still does. */
  series: Series;
  seriesId: number;
}

/** Finds out which views want a series, once for all its points. */
export function routeSeries(series: Series, views: readonly View[]): SeriesRoute {
  const stops = views.map((view): RouteStop | undefined =>
    view.matches(series) ? { series: view.group(series), seriesId: unknownId } : undefined,
  );
  return { stops, isWanted: stops.some((stop) => stop !== undefined) };
}

/** The number of a stop's series, interned again when the dictionary has forgotten it. */
export function seriesIdAt(stop: RouteStop, dictionary: SeriesDictionary): number {
  if (!dictionary.isStill(stop.seriesId, stop.series)) {
    stop.seriesId = dictionary.intern(stop.series);
    stop.series = dictionary.get(stop.seriesId);
  }
  return stop.seriesId;
}

const unknownId = -1;
