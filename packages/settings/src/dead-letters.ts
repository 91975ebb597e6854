import { text, wholeNumber } from './kinds.ts';

/** The files of the records that a service cannot use. */
export const deadLetterSettings = {
  HW_DEAD_LETTERS_DIR: text
    .default('.highwater/dead-letters')
    .describe('Directory for dead letters. Each service writes its own NDJSON files to it.'),
  HW_DEAD_LETTERS_BYTES_MAX: wholeNumber({ min: 1 })
    .default(1_073_741_824)
    .describe(
      'Maximum size of all dead-letter files of a service together. When a file reaches a sixteenth of this size, the service starts a new file. When the maximum is reached, new dead letters are counted but not kept.',
    ),
};
