/** How much a view adds to the names and sizes of the points in its rows. */
export const viewRowAdds = {
  /** The dimensions `window_start` and `window_end`. */
  dimensions: ['window_start', 'window_end'],
  /** Prefix of the measure name, such as `avg_` in `avg_temperature`. */
  measureNameBytesMax: 56,
  /**
   * Bytes per row in total: 68 for the two dimensions (22 for names, 46 for times), 56 for the
   * measure name, 53 for the row's time, its value, and how a gap was filled. The rest is spare.
   */
  bytesMax: 200,
} as const;

/** Timestream's maximum size of a record, by the only formula that it publishes. */
const storedBytesMax = 2048;

/**
 * Limits on a point: Timestream's own limits minus the additions of a view, so that both the raw
 * row and the view rows of every accepted point can be stored.
 */
export const pointLimits = {
  /** Timestream: 256. */
  measureNameBytesMax: 256 - viewRowAdds.measureNameBytesMax,
  /** Timestream: 128. */
  dimensionsMax: 128 - viewRowAdds.dimensions.length,
  dimensionNameBytesMax: 60,
  /** Names and values of all dimensions, and the measure name, together. */
  seriesBytesMax: storedBytesMax - viewRowAdds.bytesMax,
  /** The same plus the value if it is a text, and 8 bytes for the time. */
  seriesAndValueBytesMax: storedBytesMax - 8,
  /** The years 1 to 9999, so that every event and the ends of its windows have a valid date. */
  timeMsMin: Date.parse('0001-01-01T00:00:00.000Z'),
  timeMsMax: Date.parse('9999-12-31T23:59:59.999Z'),
} as const;
