import { wholeNumber } from './kinds.ts';

/** Settings of the upsert-writer alone. */
export const upsertWriterSettings = {
  HW_UPSERT_WRITER_OPEN_ROWS_MAX: wholeNumber({ min: 1 })
    .default(1_000_000)
    .describe(
      'Maximum number of open rows per shard: rows that late points can still correct. Beyond it, the service removes the rows of the oldest windows from memory and no longer corrects them. A higher value takes more memory: a row takes about 500 bytes, and 200 more for each further shard of the raw stream.',
    ),
  HW_UPSERT_WRITER_FILL_ANCHORS_MAX: wholeNumber({ min: 1 })
    .default(500_000)
    .describe(
      'Maximum number of rows per shard that the service keeps to fill gaps: the latest row of each series. Beyond it, the service removes the oldest of them, and the gaps after them are not filled. A higher value takes more memory.',
    ),
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX: wholeNumber({ min: 0, max: 100_000 })
    .default(250)
    .describe(
      'Maximum number of corrections per second and shard that are written to the table of corrections. Additional corrections are counted but not written. The rows are correct either way. 0 writes none, and the table is not needed.',
    ),
};
