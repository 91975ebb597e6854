import type { Config } from '@highwater/service';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** The local stack's settings. Those of its parts are named as the parts name them. */
export const localConfig = {
  HW_DATA_DIR: z
    .string()
    .min(1)
    .default('.highwater')
    .describe('Directory of everything that the stack keeps: streams, rows, checkpoints, logs'),
  HW_LOCAL_FRESH: z
    .stringbool()
    .default(false)
    .describe('Empty the data directory first; only one that the stack has made'),
  HW_LOCAL_FREE_PORTS: z
    .stringbool()
    .default(false)
    .describe('Take free ports for the servers and print them'),
  HW_LOCAL_FEED: z
    .enum(['fleet', 'none'])
    .default('fleet')
    .describe('fleet: make points of a simulated fleet; none: wait for yours'),
  HW_VIEWS: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of views; without it, averages of five minutes and of ten seconds'),
  HW_KINESIS_LOCAL_PORT: port.default(4567).describe('Port of the Kinesis API; 0 takes a free one'),
  HW_TIMESTREAM_LOCAL_PORT: port
    .default(8787)
    .describe('Port of the Timestream API; 0 takes a free one'),
  HW_DASHBOARD_PORT: port.default(8080).describe('Port of the dashboard; 0 takes a free one'),
  HW_GENERATOR_RATE: z.coerce.number().positive().default(1_000).describe('Points per second'),
  HW_GENERATOR_SERIES: z.coerce
    .number()
    .int()
    .min(1)
    .default(500)
    .describe('Series that the points belong to'),
  HW_GENERATOR_PERCENT_LATE: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(5)
    .describe('Share of points that come late'),
  HW_GENERATOR_LATE_TIME_SECONDS: z.coerce
    .number()
    .min(0)
    .default(15)
    .describe('By how much late points are late'),
};

export type LocalConfig = Config<typeof localConfig>;

/** Flags as other names for the settings. */
export const localFlags = {
  'data-dir': 'HW_DATA_DIR',
  fresh: 'HW_LOCAL_FRESH',
  'free-ports': 'HW_LOCAL_FREE_PORTS',
  feed: 'HW_LOCAL_FEED',
  views: 'HW_VIEWS',
  rate: 'HW_GENERATOR_RATE',
  series: 'HW_GENERATOR_SERIES',
  'percent-late': 'HW_GENERATOR_PERCENT_LATE',
  'late-time': 'HW_GENERATOR_LATE_TIME_SECONDS',
};
