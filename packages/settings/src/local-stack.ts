import { z } from 'zod';
import { flag, text } from './kinds.ts';

/** Settings of the local stack, `npm start`. */
export const localStackSettings = {
  HW_DATA_DIR: text
    .default('.highwater')
    .describe('Directory for all data of the stack: streams, rows, checkpoints, and logs'),
  HW_LOCAL_FRESH: flag
    .default(false)
    .describe(
      'Whether to empty the data directory first. A directory with other files is never emptied.',
    ),
  HW_LOCAL_FREE_PORTS: flag
    .default(false)
    .describe('Whether the servers use free ports, which are printed'),
  HW_LOCAL_FEED: z
    .enum(['fleet', 'none'])
    .default('fleet')
    .describe('Source of the points: a simulated fleet, or none, to send your own points'),
};
