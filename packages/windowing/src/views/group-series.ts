import type { Dimension, Series } from '@highwater/model';

/** The dimensions that distinguish the rows of a view. */
export type GroupBy = 'all' | readonly string[] | { readonly except: readonly string[] };

/**
 * Compiles the projection from a point's series to the series of its row: the same measure with
 * fewer dimensions, still sorted. A dimension that a point lacks is absent from its row too. Both
 * numeric types are one series, and DOUBLE is its name.
 */
export function groupSeries(groupBy: GroupBy): (series: Series) => Series {
  if (groupBy === 'all') return ofNumbers;
  const isKept = keeps(groupBy);
  return (series) => ({ ...ofNumbers(series), dimensions: series.dimensions.filter(isKept) });
}

function ofNumbers(series: Series): Series {
  return series.measureValueType === 'DOUBLE' ? series : { ...series, measureValueType: 'DOUBLE' };
}

function keeps(groupBy: Exclude<GroupBy, 'all'>): (dimension: Dimension) => boolean {
  if ('except' in groupBy) {
    const left = new Set(groupBy.except);
    return ({ name }) => !left.has(name);
  }
  const kept = new Set(groupBy);
  return ({ name }) => kept.has(name);
}
