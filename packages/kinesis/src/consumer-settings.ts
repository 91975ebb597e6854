import type { z } from 'zod';
import type { consumerConfig, kinesisConfig } from './config.ts';

type Parsed<Shape> = { [Name in keyof Shape]: Shape[Name] extends z.ZodType<infer T> ? T : never };

/** The settings of a service that reads a stream, as they were read from the environment. */
export type ConsumerConfig = Parsed<typeof consumerConfig> & Parsed<typeof kinesisConfig>;
