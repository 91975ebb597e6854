import { text, wholeNumber } from './kinds.ts';

/** The files of the records that a service cannot use. */
export const deadLetterSettings = {
  HW_DEAD_LETTERS_DIR: text
    .default('.highwater/dead-letters')
    .describe('Directory for dead letters, with NDJSON files per service'),
  HW_DEAD_LETTERS_BYTES_MAX: wholeNumber({ min: 1 })
    .default(1_073_741_824)
    .describe(
      'Maximum size of all dead-letter files of a service together. A file is closed at a sixteenth of it. When the files are full, further dead letters are counted but not kept.',
    ),
};
