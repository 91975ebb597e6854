import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLettersConfig } from '@highwater/service';
import { timestreamConfig } from '@highwater/timestream';
import { z } from 'zod';

/** The raw writer's settings. */
export const rawWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLettersConfig,
  HW_RAW_STREAM: z.string().min(1).default('highwater-raw').describe('Stream of points to read'),
};
