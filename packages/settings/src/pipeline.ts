import { text, wholeNumber } from './kinds.ts';

/** Settings that must have the same value in all services that have them. */
export const pipelineSettings = {
  HW_VIEWS: text
    .optional()
    .describe(
      'Path of the views file (YAML). aggregator and upsert-writer need the same file. If unset, Highwater computes five-minute averages, and the local stack also computes ten-second averages.',
    ),
  HW_MAX_FUTURE_SKEW_MS: wholeNumber({ min: 0 })
    .default(900_000)
    .describe(
      'How far the time of a point may be ahead of its arrival. Points that are further ahead go to the dead letters. A higher value tolerates worse clocks but keeps more windows open. Set the same value for raw-writer, aggregator, and upsert-writer.',
    ),
};
