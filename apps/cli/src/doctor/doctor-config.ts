import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLettersConfig, type Config } from '@highwater/service';
import { timestreamConfig } from '@highwater/timestream';
import { z } from 'zod';

const name = z.string().min(1);
const url = z.url({ protocol: /^https?$/ });

/** The settings of the services that say where something is; each is read as its service reads it. */
export const doctorConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLettersConfig,
  HW_RAW_STREAM: name.default('highwater-raw').describe('Stream of points'),
  HW_RESULTS_STREAM: name.default('highwater-results').describe('Stream of partials'),
  HW_VIEWS: name.optional().describe('YAML file of views; without it, averages of five minutes'),
  HW_TIMESTREAM_CORRECTIONS_TABLE: name
    .default('corrections')
    .describe('Table that tells what late points changed'),
  HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX: z.coerce
    .number()
    .int()
    .min(0)
    .default(250)
    .describe('0 publishes no corrections and needs no table for them'),
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: url
    .optional()
    .describe('Timestream query endpoint; unset for AWS'),
  HW_PROMETHEUS_URL: url.optional().describe('Prometheus server that the dashboard asks'),
};

/** Where everything is, as the doctor has read it. */
export type DoctorConfig = Config<typeof doctorConfig>;

/** Where the local stack's servers are, for what the environment leaves open. */
export const localEndpoints = {
  AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:4567',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE: 'http://127.0.0.1:8787',
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: 'http://127.0.0.1:8787',
} as const;
