import { z } from 'zod';
import { flag, port, text } from './kinds.ts';
import { localStore } from './store-address.ts';

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
  HW_LOCAL_STORE: localStore
    .default('timestream')
    .describe(
      'Store of the stack. timestream starts timestream-local, and postgres starts a PostgreSQL server. With the URL of a server, as in HW_STORE, the stack uses that server. Set its password in HW_STORE_PASSWORD or HW_STORE_PASSWORD_FILE.',
    ),
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
