import { flag, timestreamName, wholeNumber } from './kinds.ts';

/** The tables of the store. */
export const tableSettings = {
  HW_TIMESTREAM_DATABASE: timestreamName
    .default('highwater')
    .describe('Timestream database that contains the tables'),
  HW_TIMESTREAM_TABLE: timestreamName
    .default('metrics')
    .describe('Table of raw points and view rows'),
  HW_TIMESTREAM_CORRECTIONS_TABLE: timestreamName
    .default('corrections')
    .describe('Table of the corrections that late points made to rows, in the same database'),
};

/** How rows are written to the store. */
export const storeSettings = {
  HW_TIMESTREAM_CREATE: flag
    .default(true)
    .describe(
      'Whether the service creates the database and the table if they do not exist. If false, the service stops with an error instead.',
    ),
  HW_TIMESTREAM_MEMORY_HOURS: wholeNumber({ min: 1, max: 8766 })
    .default(24)
    .describe(
      'Memory store retention, in hours, of a table that the service creates. Timestream rejects older rows unless the table allows magnetic writes.',
    ),
  HW_TIMESTREAM_MAGNETIC_DAYS: wholeNumber({ min: 1, max: 73_000 })
    .default(7)
    .describe('Magnetic store retention, in days, of a table that the service creates'),
  HW_TIMESTREAM_MAGNETIC_WRITES: flag
    .default(false)
    .describe(
      'Whether a table that the service creates accepts rows older than its memory store retention',
    ),
  HW_TIMESTREAM_REQUESTS_IN_FLIGHT_MAX: wholeNumber({ min: 1, max: 256 })
    .default(8)
    .describe(
      'Maximum number of write requests in progress, each with up to 100 rows. A higher value writes faster and opens more connections.',
    ),
  HW_TIMESTREAM_REQUEST_TIMEOUT_MS: wholeNumber({ min: 1, max: 300_000 })
    .default(20_000)
    .describe(
      'How long one attempt of a write request may take before it is retried. A lower value retries sooner but repeats slow requests.',
    ),
  HW_TIMESTREAM_GIVE_UP_AFTER_MS: wholeNumber({ min: 1, max: 86_400_000 })
    .default(300_000)
    .describe(
      'How long a write request is retried before the service stops with an error. A higher value survives longer outages of the store without a restart.',
    ),
};
