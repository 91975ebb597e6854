import { z } from 'zod';

const isIP = z.string().min(1);

/** The server's settings. */
export const kinesisLocalConfig = {
  HW_KINESIS_LOCAL_HOST: isIP
    .default('127.0.0.1')
    .describe('address of the API; 0.0.0.0 in a container'),
  HW_KINESIS_LOCAL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4567)
    .describe('port of the API, 0 to 65535; 0 takes a free one'),
};
