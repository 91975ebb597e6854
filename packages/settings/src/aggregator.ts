import { wholeNumber } from './kinds.ts';

/** Settings of the aggregator alone. */
export const aggregatorSettings = {
  HW_AGGREGATOR_SERIES_MAX: wholeNumber({ min: 100 })
    .default(300_000)
    .describe(
      'Maximum number of series in the open windows of a shard. Points of further series go to the dead letters. A series takes about 1,000 bytes.',
    ),
  HW_AGGREGATOR_WINDOWS_MAX: wholeNumber({ min: 1_000 })
    .default(20_000)
    .describe(
      'Maximum number of open windows of a shard, over all views. Points that would open further windows go to the dead letters. A window takes about 4,000 bytes.',
    ),
  HW_AGGREGATOR_ROWS_MAX: wholeNumber({ min: 1_000 })
    .default(10_000_000)
    .describe(
      'Maximum number of open rows of a shard: one per view, series and slice of time. Points that would open further rows go to the dead letters. A row takes 80 to 180 bytes.',
    ),
  HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: wholeNumber({ min: 0 })
    .default(3_000)
    .describe(
      'How far the time of a point may be behind the newest record of its shard without being late. A higher value delays results. A lower value makes more corrections.',
    ),
};
