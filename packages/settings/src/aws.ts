import { text, url } from './kinds.ts';

/** The variables of the AWS SDKs that choose a region or a server. */
export const awsSettings = {
  AWS_REGION: text.default('us-east-1').describe('AWS region of the streams, tables, and buckets'),
  AWS_ENDPOINT_URL_KINESIS: url
    .optional()
    .describe('Kinesis server to use instead of AWS, for example http://127.0.0.1:4567'),
  AWS_ENDPOINT_URL_DYNAMODB: url
    .optional()
    .describe('DynamoDB server to use instead of AWS, for example http://127.0.0.1:8000'),
  AWS_ENDPOINT_URL_S3: url
    .optional()
    .describe('S3 server to use instead of AWS, for example http://127.0.0.1:9000'),
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE: url
    .optional()
    .describe(
      'Timestream server to write to instead of AWS, for example http://127.0.0.1:8787. An http:// server needs no credentials.',
    ),
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: url
    .optional()
    .describe(
      'Timestream server to query instead of AWS, for example http://127.0.0.1:8787. An http:// server needs no credentials.',
    ),
};
