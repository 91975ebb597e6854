import { measureValueTypes } from '@highwater/model';
import { durationSchema, fillMethods, type PointOutcome } from '@highwater/windowing';
import { z } from 'zod';
import { timePattern } from './time-text.ts';

const timeSchema = z
  .string()
  .regex(timePattern, 'a time is an instant (2026-01-31T12:00:00Z) or after the start (+1m30s)');

/** What can become of a point; `refused` is not a point that can be used. */
const outcomes = [
  'aggregated',
  'refined',
  'too_late',
  'partly_too_late',
  'unmatched',
  'unassigned',
  'future',
  'too_many_series',
  'too_many_windows',
  'too_many_rows',
  'refused',
] as const satisfies (PointOutcome | 'refused')[];
export type TrialOutcome = (typeof outcomes)[number];

const dimensionsSchema = z.record(z.string().min(1), z.string()).default({});

/** One point that comes in. */
const pointSchema = z.strictObject({
  measure: z.string().min(1),
  value: z.union([z.number(), z.string(), z.boolean()]),
  type: z.enum(measureValueTypes).default('DOUBLE'),
  dimensions: dimensionsSchema,
  time: timeSchema.describe('When it happened'),
  arrives: timeSchema
    .optional()
    .describe(
      'When the stream gets it; without it, when it happened, but not before the one above',
    ),
  shard: z.string().min(1).default('shard-0').describe('The shard of the raw stream'),
  outcome: z
    .enum(outcomes)
    .optional()
    .describe('What must become of it; without it, anything but future and refused may'),
});

/** One row that must be stored. */
const rowSchema = z.strictObject({
  measure: z.string().min(1).describe('Measure name of the row, e.g. avg_cpu_user'),
  dimensions: dimensionsSchema,
  window: timeSchema.describe('Start of the window'),
  value: z.number(),
  interpolated: z
    .enum(fillMethods)
    .optional()
    .describe('How a gap was filled with it; without it, the row has points'),
  within: z
    .number()
    .min(0)
    .optional()
    .describe('How far the value may be off; rounding without it'),
});

const testSchema = z.strictObject({
  name: z.string().min(1),
  until: timeSchema
    .optional()
    .describe('When the rows are looked at; without it, when everything has been written'),
  points: z.array(pointSchema).max(100_000),
  rows: z
    .record(z.string(), z.array(rowSchema))
    .describe('View -> all rows of it that must be stored; other views are not looked at'),
});

/** A file of tests of views, as a person writes it. */
export const trialFileSchema = z.strictObject({
  views: z.string().min(1).describe('The views file, from the directory of this file'),
  start: timeSchema.default('2026-01-01T00:00:00Z').describe('What +… counts from'),
  outOfOrderness: durationSchema.default(3_000).describe('As the aggregator is set'),
  maxFutureSkew: durationSchema.default(900_000).describe('As the aggregator is set'),
  idleAfter: durationSchema.default(10_000).describe('As the aggregator is set'),
  tests: z.array(testSchema).min(1),
});

export type TrialFile = z.output<typeof trialFileSchema>;
export type Trial = TrialFile['tests'][number];
export type TrialPoint = Trial['points'][number];
export type ExpectedRow = z.output<typeof rowSchema>;
