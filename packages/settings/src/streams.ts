import { text } from './kinds.ts';

/** The two streams of the pipeline. */
export const streamSettings = {
  HW_RAW_STREAM: text
    .default('highwater-raw')
    .describe(
      'Kinesis stream of raw points. Producers write to it. raw-writer and aggregator read it.',
    ),
  HW_RESULTS_STREAM: text
    .default('highwater-results')
    .describe(
      'Kinesis stream of partial results. aggregator writes to it. upsert-writer reads it.',
    ),
};
