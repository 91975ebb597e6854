import { text } from './kinds.ts';

/** The passwords of the two stores of `highwater copy`. */
export const copySettings = {
  HW_COPY_FROM_PASSWORD: text
    .optional()
    .describe(
      'Password of the user in the URL of --from. Set at most one of the three settings for this password.',
    ),
  HW_COPY_FROM_PASSWORD_FILE: text
    .optional()
    .describe('File with the password of the user in the URL of --from'),
  HW_COPY_FROM_PASSWORD_SECRET: text
    .optional()
    .describe(
      'Name or ARN of a secret in AWS Secrets Manager with the password of the user in the URL of --from: text, or JSON with the member password',
    ),
  HW_COPY_TO_PASSWORD: text
    .optional()
    .describe(
      'Password of the user in the URL of --to. Set at most one of the three settings for this password.',
    ),
  HW_COPY_TO_PASSWORD_FILE: text
    .optional()
    .describe('File with the password of the user in the URL of --to'),
  HW_COPY_TO_PASSWORD_SECRET: text
    .optional()
    .describe(
      'Name or ARN of a secret in AWS Secrets Manager with the password of the user in the URL of --to: text, or JSON with the member password',
    ),
};
