import { wholeNumber } from './kinds.ts';

/** Settings of the aggregator alone. */
export const aggregatorSettings = {
  HW_AGGREGATOR_SERIES_MAX: wholeNumber({ min: 100 })
    .default(300_000)
    .describe(
      'Maximum number of series in the open windows of a shard. Points of additional series go to the dead letters. A higher value takes more memory: about 1,000 bytes per series.',
    ),
  HW_AGGREGATOR_WINDOWS_MAX: wholeNumber({ min: 1_000 })
    .default(20_000)
    .describe(
      'Maximum number of open windows per shard, counted over all views. Points that would open another window go to the dead letters. A higher value takes more memory: about 4,000 bytes per window.',
    ),
  HW_AGGREGATOR_ROWS_MAX: wholeNumber({ min: 1_000 })
    .default(10_000_000)
    .describe(
      'Maximum number of open rows per shard. Each series has one row per open window of a view; windows that overlap share rows. Points that would open another row go to the dead letters. A higher value takes more memory: a row takes 50 to 100 bytes for an average, and up to 250 bytes for four aggregates.',
    ),
  HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: wholeNumber({ min: 0 })
    .default(3_000)
    .describe(
      'How far the watermark stays behind the newest point of a shard, so that points that arrive slightly out of order are not late. A higher value delays results. A lower value sends results sooner, but late points correct more of them.',
    ),
};
