/** The additions of a view to the names and sizes of the points in its rows. */
export const viewRowAdds = {
  /** `window_start` and `window_end`. */
  dimensions: ['window_start', 'window_end'],
  /** Around the measure's name, as `avg_` in `avg_temperature`. */
  measureNameBytesMax: 56,
  /**
   * To a row in all: 68 for the two dimensions (22 of names, 46 of times), 56 for the measure's name,
   * 53 for the row's time, its value and how a gap was filled; the rest is spare.
   */
  bytesMax: 200,
} as const;

/** The most that Timestream takes for a record, by the only formula that it publishes. */
const storedBytesMax = 2048;

/**
 * The bounds on a point: Timestream's own, less what a view row adds, so that for every point that is
 * accepted here both its raw row and its view rows can be stored.
 */
export const pointLimits = {
  /** Timestream: 256. */
  measureNameBytesMax: 256 - viewRowAdds.measureNameBytesMax,
  /** Timestream: 128. */
  dimensionsMax: 128 - viewRowAdds.dimensions.length,
  dimensionNameBytesMax: 60,
  /** The measure's name and the names and values of all dimensions, together. */
  seriesBytesMax: storedBytesMax - viewRowAdds.bytesMax,
  /** The same and the value, where that is a text; 8 are for the time. */
  seriesAndValueBytesMax: storedBytesMax - 8,
  /** The years 1 to 9999, so that every event and the ends of its windows have a date. */
  timeMsMin: Date.parse('0001-01-01T00:00:00.000Z'),
  timeMsMax: Date.parse('9999-12-31T23:59:59.999Z'),
} as const;
