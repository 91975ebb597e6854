import { consumerSettings, leaseSettings, settings, type Config } from '@highwater/settings';

const { AWS_REGION, AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_S3 } =
  settings;

/** The settings of every program that talks to Kinesis. */
export const kinesisConfig = { AWS_REGION, AWS_ENDPOINT_URL_KINESIS };

/** How a service reads its stream, and where it stores leases and snapshots. */
export const consumerConfig = {
  ...consumerSettings,
  ...leaseSettings,
  AWS_ENDPOINT_URL_DYNAMODB,
  AWS_ENDPOINT_URL_S3,
};

/** The settings of a service that reads a stream, as read from the environment. */
export type ConsumerConfig = Config<typeof kinesisConfig & typeof consumerConfig>;
