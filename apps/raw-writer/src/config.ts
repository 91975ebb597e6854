import { consumerConfig, kinesisConfig } from '@highwater/kinesis';
import { deadLettersConfig, pointsConfig } from '@highwater/service';
import { timestreamConfig } from '@highwater/timestream';
import { z } from 'zod';

/** The raw writer's settings. */
export const rawWriterConfig = {
  ...kinesisConfig,
  ...consumerConfig,
  ...timestreamConfig,
  ...deadLettersConfig,
  ...pointsConfig,
  HW_RAW_STREAM: z.string().min(1).default('highwater-raw').describe('Stream of points to read'),
};
