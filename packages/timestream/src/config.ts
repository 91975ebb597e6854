import { settings, storeSettings } from '@highwater/settings';
import type { z } from 'zod';

const {
  AWS_REGION,
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE,
  HW_TIMESTREAM_DATABASE,
  HW_TIMESTREAM_TABLE,
} = settings;

/** The settings of every program that writes to a Timestream table. */
export const timestreamConfig = {
  AWS_REGION,
  AWS_ENDPOINT_URL_TIMESTREAM_WRITE,
  HW_TIMESTREAM_DATABASE,
  HW_TIMESTREAM_TABLE,
  ...storeSettings,
};

export type TimestreamConfig = z.output<z.ZodObject<typeof timestreamConfig>>;
