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
    .describe('Value types of the points that the view uses'),
  measures: patternsSchema
    .optional()
    .describe('Names of the measures; * matches any characters. If unset, all measures match'),
  where: z
    .record(z.string().min(1), patternsSchema)
    .optional()
    .describe(
      'Dimension names, each with the values that match; * matches any characters. A point must match each dimension',
    ),
});

const groupBySchema = z
  .union([z.literal('all'), dimensionNames, z.strictObject({ except: dimensionNames })], {
    error: 'must be all, a list of dimension names, or { except: a list of dimension names }',
  })
  .describe('Dimensions that a row keeps: all, a list of names, or all except some');

/** Services check the clock about once a second, so no interval can be shorter. */
const emissionInterval = durationSchema.refine((ms) => ms >= 1_000, 'must be 1s or longer');

const outputSchema = z.strictObject({
  measure: z
    .string()
    .min(1)
    .default('{aggregate}_{measure}')
    .describe('Measure name of a row. {aggregate} and {measure} are replaced by their names'),
  time: z
    .enum(['end', 'start'])
    .default('end')
    .describe("Whether the row's time is the start or the end of its window"),
});

/** One view, as a person writes it. `view-rules.ts` checks which fields can be combined. */
export const viewSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
      'must be letters and digits, with . _ - only between them',
    )
    .describe('Name of the view, used on the results stream and in metrics'),
  revision: z
    .int()
    .min(0)
    .max(viewRevisionMax)
    .default(1)
    .describe(
      'Number that you raise when you change the definition. Rows of a higher revision replace rows of a lower one',
    ),
  match: matchSchema.prefault({}).describe('Which points belong to the view'),
  groupBy: groupBySchema.default('all'),
  window: windowSchema.describe('Windows, either tumbling or hopping'),
  allowedLateness: durationSchema
    .default(0)
    .describe('How long after the end of a window late points still correct its row. If unset, 0s'),
  aggregates: z
    .array(z.enum(aggregates))
    .min(1)
    .default(['avg'])
    .describe('Aggregates to compute, each with a row of its own'),
  duplicates: z
    .enum(['count', 'ignore', 'replace'])
    .default('count')
    .describe(
      'Which points count if several have the same series and time: all of them, only the first to arrive (ignore), or only the last (replace)',
    ),
  early: emissionInterval
    .optional()
    .describe(
      'Interval at which running results of open windows are written; at least 1s. If unset, none are written',
    ),
  late: z
    .strictObject({
      coalesce: emissionInterval.describe(
        'Shortest time between two corrections of a row; at least 1s',
      ),
    })
    .optional()
    .describe('When late points correct a stored row. If unset, after each batch'),
  fill: fillSchema
    .optional()
    .describe(
      'How gaps between two windows with points are filled. If unset, a window without points has no row',
    ),
  output: outputSchema.prefault({}).describe('How rows are written'),
});

/** One view, read. */
export type ViewDefinition = z.output<typeof viewSchema>;

/** A views file. */
export const viewsFileSchema = z.strictObject({
  views: z.array(viewSchema).min(1).max(100).describe('The views'),
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
