import { z } from 'zod';
import { flag, port, text } from './kinds.ts';

/** Settings of the local stack, `npm start`. */
export const localStackSettings = {
  HW_DATA_DIR: text
    .default('.highwater')
    .describe('Directory for all data of the stack: streams, rows, checkpoints, and logs'),
  HW_LOCAL_FRESH: flag
    .default(false)
    .describe(
      'Whether to empty the data directory first. A directory that contains other files is never emptied.',
    ),
  HW_LOCAL_FREE_PORTS: flag
    .default(false)
    .describe(
      'Whether the servers use any free ports instead of the configured ones. The stack prints them.',
    ),
  HW_LOCAL_STORE: text
    .default('timestream')
    .describe(
      'Store of the stack. timestream starts timestream-local, and postgres starts a PostgreSQL server of its own. The URL of a store, as in HW_STORE, uses yours; its password is in HW_STORE_PASSWORD or in one of the settings beside it.',
    )
    .meta({ values: 'timestream, postgres, or a URL as in HW_STORE' }),
  HW_LOCAL_POSTGRES_PORT: port
    .default(5433)
    .describe('Port of the PostgreSQL server of the stack. 0 picks a free port.'),
  HW_LOCAL_FEED: z
    .enum(['fleet', 'none'])
    .default('fleet')
    .describe(
      'Source of the points: a simulated fleet, or none. Choose none to send your own points.',
    ),
};
