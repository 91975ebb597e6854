import { text, wholeNumber } from './kinds.ts';

/** Settings that must have the same value in all services that have them. */
export const pipelineSettings = {
  HW_VIEWS: text
    .optional()
    .describe(
      'Path of the views file (YAML), the same file for aggregator and upsert-writer. If unset, Highwater computes five-minute averages. The local stack adds ten-second averages.',
    ),
  HW_MAX_FUTURE_SKEW_MS: wholeNumber({ min: 0 })
    .default(900_000)
    .describe(
      'How far the time of a point may be ahead of its arrival. A point further ahead goes to the dead letters. Set the same value for raw-writer, aggregator, and upsert-writer.',
    ),
};
