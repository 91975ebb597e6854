import { z } from 'zod';

/**
 * What every reader of the raw stream must decide alike, so that raw rows and averages agree; and what the
 * upsert-writer must know to tell a partial that no aggregator can have sent.
 */
export const pointsConfig = {
  HW_MAX_FUTURE_SKEW_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(900_000)
    .describe(
      'A point further ahead of its arrival goes to the dead letters; alike in all services that have it',
    ),
};
