import { z } from 'zod';

/** Where a service puts the records that it cannot use. */
export const deadLettersConfig = {
  HW_DEAD_LETTERS_DIR: z
    .string()
    .default('.highwater/dead-letters')
    .describe('Directory of the dead letters, one NDJSON file a service'),
  HW_DEAD_LETTERS_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_073_741_824)
    .describe('Bytes of that file; what comes when it is full is counted, not kept'),
};
