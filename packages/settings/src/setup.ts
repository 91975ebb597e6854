import { wholeNumber } from './kinds.ts';

const shardsCount = wholeNumber({ min: 1, max: 500 });

/** Settings of the program that creates streams and tables. */
export const setupSettings = {
  HW_SETUP_RAW_SHARDS: shardsCount
    .default(4)
    .describe('Number of shards of the raw stream. Ignored if the stream exists.'),
  HW_SETUP_RESULTS_SHARDS: shardsCount
    .default(2)
    .describe('Number of shards of the results stream. Ignored if the stream exists.'),
};
