import { measureValueTypes } from '@highwater/model';
import { durationSchema, fillMethods, type PointOutcome } from '@highwater/windowing';
import { z } from 'zod';
import { timePattern } from './time-text.ts';

const timeSchema = z
  .string()
  .regex(timePattern, 'must be a time (2026-01-31T12:00:00Z) or an offset from start (+1m30s)');

/** The outcome of a point; `refused` is not a usable point. */
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

/** One point that arrives. */
const pointSchema = z.strictObject({
  measure: z.string().min(1),
  value: z.union([z.number(), z.string(), z.boolean()]),
  type: z.enum(measureValueTypes).default('DOUBLE'),
  dimensions: dimensionsSchema,
  time: timeSchema.describe('Time at which the point was measured'),
  arrives: timeSchema
    .optional()
    .describe(
      'Time at which the point arrives on the stream. If unset, its time, or the arrival of the point before it if that is later',
    ),
  shard: z
    .string()
    .min(1)
    .default('shard-0')
    .describe('Shard of the raw stream on which the point arrives'),
  outcome: z
    .enum(outcomes)
    .optional()
    .describe('Expected outcome of the point. If unset, any outcome except future and refused'),
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
    .describe('Method by which the row fills a gap. If unset, the row is computed from points'),
  within: z
    .number()
    .min(0)
    .optional()
    .describe('How far the stored value may differ. If unset, only rounding is allowed'),
});

const testSchema = z.strictObject({
  name: z.string().min(1),
  until: timeSchema
    .optional()
    .describe('Time at which the rows are compared. If unset, after all rows are final'),
  points: z.array(pointSchema).max(100_000),
  rows: z
    .record(z.string(), z.array(rowSchema))
    .describe('All rows that must be stored, by name of the view. Other views are not checked'),
});

/** A file of view tests, as a person writes it. */
export const trialFileSchema = z.strictObject({
  views: z.string().min(1).describe('Path of the views file, relative to this file'),
  start: timeSchema
    .default('2026-01-01T00:00:00Z')
    .describe('Time from which offsets such as +1m30s count'),
  outOfOrderness: durationSchema.default(3_000).describe('As HW_AGGREGATOR_OUT_OF_ORDERNESS_MS'),
  maxFutureSkew: durationSchema.default(900_000).describe('As HW_MAX_FUTURE_SKEW_MS'),
  idleAfter: durationSchema.default(10_000).describe('As HW_KINESIS_IDLE_AFTER_MS'),
  tests: z.array(testSchema).min(1),
});

export type TrialFile = z.output<typeof trialFileSchema>;
export type Trial = TrialFile['tests'][number];
export type TrialPoint = Trial['points'][number];
export type ExpectedRow = z.output<typeof rowSchema>;
