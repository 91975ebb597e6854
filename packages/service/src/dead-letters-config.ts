import { z } from 'zod';

/** Where a service puts the records that it cannot use. */
export const deadLettersConfig = {
  HW_DEAD_LETTERS_DIR: z
    .string()
    .default('.highwater/dead-letters')
    .describe('Directory of the dead letters, one NDJSON file a service'),
};
