import { flag, text, timestreamName, wholeNumber } from './kinds.ts';
import { storeUrl } from './store-address.ts';

const defaultStore = 'timestream://highwater/metrics';

/** Which store, and how to get into it. */
export const storeAddressSettings = {
  HW_STORE: storeUrl
    .prefault(defaultStore)
    .describe(
      'Store of points, view rows, and corrections. With PostgreSQL, you can add ?tls=off, require, or verify-full, &tls_ca=file, &schema=name, and &auth=iam. With ClickHouse, you can add the first two. The URL must not contain a password.',
    )
    .meta({ computedDefault: defaultStore }),
  HW_STORE_PASSWORD: text
    .optional()
    .describe(
      'Password of the user in HW_STORE. Set at most one of the three settings for the password.',
    ),
  HW_STORE_PASSWORD_FILE: text
    .optional()
    .describe(
      'File with the password of the user in HW_STORE. It is read for each new connection, so you can change the password without a restart.',
    ),
  HW_STORE_PASSWORD_SECRET: text
    .optional()
    .describe(
      'Name or ARN of a secret in AWS Secrets Manager: the password as text, or JSON with the member password, as RDS writes it. It is read again after a minute, so you can change the password without a restart.',
    ),
  HW_TIMESTREAM_CORRECTIONS_TABLE: timestreamName
    .default('corrections')
    .describe(
      'With Timestream: table of the corrections that late points made to rows, in the same database. Other stores have a fixed table for them.',
    ),
};

/** How rows are written to the store. */
export const storeSettings = {
  HW_STORE_CREATE: flag
    .default(true)
    .describe(
      'Whether the service creates the tables, and on Timestream the database, if they do not exist. If false, the service stops with an error instead.',
    ),
  HW_STORE_RAW_DAYS: wholeNumber({ min: 1, max: 36_500 })
    .default(7)
    .describe(
      'With PostgreSQL and ClickHouse: how many days raw points are kept, by event time. Older points are rejected. A higher value needs more disk space.',
    ),
  HW_STORE_ROWS_DAYS: wholeNumber({ min: 1, max: 36_500 })
    .default(400)
    .describe(
      'With PostgreSQL and ClickHouse: how many days the rows of views and their corrections are kept, by event time. Older rows are rejected. A higher value needs more disk space.',
    ),
  HW_STORE_REQUESTS_IN_FLIGHT_MAX: wholeNumber({ min: 1, max: 256 })
    .optional()
    .describe(
      'Maximum number of write requests in progress, each with up to 100 rows on Timestream, and many more on other stores. A higher value writes faster and opens more connections.',
    )
    .meta({ computedDefault: '8 with Timestream, 2 with PostgreSQL and ClickHouse' }),
  HW_STORE_REQUEST_TIMEOUT_MS: wholeNumber({ min: 1, max: 300_000 })
    .default(20_000)
    .describe(
      'How long one attempt of a write request may take before it is retried. A lower value retries sooner but repeats slow requests.',
    ),
  HW_STORE_GIVE_UP_AFTER_MS: wholeNumber({ min: 1, max: 86_400_000 })
    .default(300_000)
    .describe(
      'How long a write request is retried before the service stops with an error. A higher value survives longer outages of the store without a restart.',
    ),
  HW_TIMESTREAM_MEMORY_HOURS: wholeNumber({ min: 1, max: 8766 })
    .default(24)
    .describe(
      'Memory store retention, in hours, of a table that the service creates. Older rows are written to the magnetic store if the table allows that, and are rejected otherwise.',
    ),
  HW_TIMESTREAM_MAGNETIC_DAYS: wholeNumber({ min: 1, max: 73_000 })
    .default(7)
    .describe('Magnetic store retention, in days, of a table that the service creates'),
  HW_TIMESTREAM_MAGNETIC_WRITES: flag
    .default(true)
    .describe(
      'Whether a table that the service creates accepts rows older than its memory store retention. Timestream may return such rows only hours later.',
    ),
};
