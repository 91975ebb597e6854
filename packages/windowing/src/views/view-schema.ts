import { viewRevisionMax, type MeasureValueType } from '@highwater/model';
import { z } from 'zod';
import { aggregates } from '../accumulators/aggregate.ts';
import { durationSchema } from './duration.ts';
import { fillSchema } from './fill-schema.ts';
import { windowSchema } from './window-schema.ts';

const patternsSchema = z.array(z.string().min(1)).min(1);
const dimensionNames = z.array(z.string().min(1)).min(1);

/** Which points belong to a view. */
export const matchSchema = z.strictObject({
  measureTypes: z
    .array(z.enum(['DOUBLE', 'BIGINT'] satisfies MeasureValueType[]))
    .min(1)
    .default(['DOUBLE', 'BIGINT'])
    .describe('Value types that are aggregated'),
  measures: patternsSchema
    .optional()
    .describe('Measure names; * stands for any characters. Without it, every measure'),
  where: z
    .record(z.string().min(1), patternsSchema)
    .optional()
    .describe('Dimension name -> its values; * stands for any characters. All must hold'),
});

const groupBySchema = z
  .union([z.literal('all'), dimensionNames, z.strictObject({ except: dimensionNames })], {
    error: 'is all, a list of dimension names, or { except: a list of dimension names }',
  })
  .describe('Dimensions that tell rows apart: all, a list, or all but those under except');

/** Services look at the clock about once a second, so nothing is more often than that. */
const emissionInterval = durationSchema.refine((ms) => ms >= 1_000, 'must be 1s or longer');

const outputSchema = z.strictObject({
  measure: z
    .string()
    .min(1)
    .default('{aggregate}_{measure}')
    .describe('Measure name of a row; {aggregate} and {measure} are filled in'),
  time: z
    .enum(['end', 'start'])
    .default('end')
    .describe("Which end of the window is the row's time"),
});

/** One view, as a person writes it. Which fields go together is held by `view-rules.ts`. */
export const viewSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'letters, digits, and . _ - between them')
    .describe('Names the view on the results stream and in metrics'),
  revision: z
    .int()
    .min(0)
    .max(viewRevisionMax)
    .default(1)
    .describe('Raise it when the definition changes: rows of a higher revision replace the others'),
  match: matchSchema.prefault({}).describe('Which points belong to the view'),
  groupBy: groupBySchema.default('all'),
  window: windowSchema.describe('How time is divided: tumbling or hopping'),
  allowedLateness: durationSchema
    .default(0)
    .describe('How long after a window has fired late points still correct it'),
  aggregates: z.array(z.enum(aggregates)).min(1).default(['avg']).describe('What is computed'),
  duplicates: z
    .enum(['count', 'ignore', 'replace'])
    .default('count')
    .describe('Points of one series and time: all count, or only the first or the last to arrive'),
  early: emissionInterval
    .optional()
    .describe('Running results of open windows are written this often; without it, none are'),
  late: z
    .strictObject({
      coalesce: emissionInterval.describe('A row is corrected this often at most'),
    })
    .optional()
    .describe('How late points correct rows that were written; without it, after every batch'),
  fill: fillSchema
    .optional()
    .describe(
      'How windows without points between two with points are filled; else they have no row',
    ),
  output: outputSchema.prefault({}).describe('How rows are written'),
});

/** One view, read. */
export type ViewDefinition = z.output<typeof viewSchema>;

/** A views file. */
export const viewsFileSchema = z.strictObject({
  views: z
    .array(viewSchema)
    .min(1)
    .max(100)
    .describe('Each view is computed over the points that it matches'),
});

/** The view of a deployment without a views file: the averages of five minutes. */
export const defaultViewsFile = {
  views: [
    {
      name: 'five-minute-average',
      revision: 1,
      match: { measureTypes: ['DOUBLE', 'BIGINT'] },
      groupBy: 'all',
      window: { tumbling: '5m' },
      allowedLateness: '2m',
      aggregates: ['avg'],
      output: { measure: '{aggregate}_{measure}' },
    },
  ],
} as const;
