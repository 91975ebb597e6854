/** The types of a single measure value, as Timestream names them. */
export const measureValueTypes = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN'] as const;
export type MeasureValueType = (typeof measureValueTypes)[number];

/** One name and value that distinguish a series from others. */
export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** The unit of grouping: measure name, value type, and the set of dimensions, sorted by name. */
export interface Series {
  readonly measureName: string;
  readonly measureValueType: MeasureValueType;
  readonly dimensions: readonly Dimension[];
}

/**
 * The series as one string, for use as a key: equal exactly for equal series, never a hash.
 *
 * Relies on two guarantees of `decodeRecord`: dimensions are sorted, and no part contains a NUL.
 */
export function seriesKey(series: Series): string {
  let key = `${series.measureValueType}\0${series.measureName}`;
  for (const { name, value } of series.dimensions) key += `\0${name}\0${value}`;
  return key;
}

/**
 * Short lists use insertion sort, because a comparison function would cost more than everything
 * else.
 */
const fewDimensionsMax = 32;

/**
 * Dimensions in the one order that `seriesKey` relies on: by name, in UTF-16 code units. May
 * reorder the list in place.
 */
export function sortDimensions(dimensions: Dimension[]): Dimension[] {
  if (dimensions.length > fewDimensionsMax) {
    return dimensions.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }
  for (let end = 1; end < dimensions.length; end++) {
    const moved = dimensions[end] as Dimension;
    let at = end;
    for (; at > 0; at--) {
      const before = dimensions[at - 1] as Dimension;
      if (before.name <= moved.name) break;
      dimensions[at] = before;
    }
    dimensions[at] = moved;
  }
  return dimensions;
}
