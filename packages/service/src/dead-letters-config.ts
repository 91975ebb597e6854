import { z } from 'zod';

/** Where a service puts the records that it cannot use. */
export const deadLettersConfig = {
  HW_DEAD_LETTERS_DIR: z
    .string()
    .default('.highwater/dead-letters')
    .describe('Directory of the dead letters, NDJSON files of each service'),
  HW_DEAD_LETTERS_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_073_741_824)
    .describe(
      'Bytes of the files of a service; what comes when they are full is counted, not kept',
    ),
};
