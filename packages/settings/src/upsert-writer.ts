import { wholeNumber } from './kinds.ts';

/** Settings of the upsert-writer alone. */
export const upsertWriterSettings = {
  HW_UPSERT_WRITER_OPEN_ROWS_MAX: wholeNumber({ min: 1 })
    .default(1_000_000)
    .describe(
      'Maximum number of rows of a shard that can still be corrected. Beyond it, the service forgets the rows of the oldest windows. A row takes 400 to 500 bytes per source shard.',
    ),
  HW_UPSERT_WRITER_FILL_ANCHORS_MAX: wholeNumber({ min: 1 })
    .default(500_000)
    .describe(
      'To fill gaps, the service keeps the latest row of each series. This is the maximum number of such rows per shard. Beyond it, some gaps stay open.',
    ),
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX: wholeNumber({ min: 0, max: 100_000 })
    .default(250)
    .describe(
      'Maximum number of corrections published per second and shard. 0 publishes none and needs no table of corrections.',
    ),
};
