import { viewRevisionMax, type MeasureValueType } from '@highwater/model';
import { z } from 'zod';
import { aggregates } from './aggregate.ts';
import { durationSchema } from './duration.ts';

const positiveDuration = durationSchema.refine((ms) => ms > 0, 'a window is longer than nothing');

/** One view, as a person writes it. */
export const viewSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'letters, digits, and . _ - between them')
      .describe('Names the view on the results stream and in metrics'),
    revision: z
      .int()
      .min(0)
      .max(viewRevisionMax)
      .default(1)
      .describe(
        'Raise it when the definition changes: rows of a higher revision replace the others',
      ),
    match: z
      .strictObject({
        measureTypes: z
          .array(z.enum(['DOUBLE', 'BIGINT'] satisfies MeasureValueType[]))
          .min(1)
          .default(['DOUBLE', 'BIGINT'])
          .describe('Value types that are aggregated'),
      })
      .prefault({})
      .describe('Which points belong to the view'),
    groupBy: z.literal('all').default('all').describe('One row for each series'),
    window: z
      .strictObject({ tumbling: positiveDuration.describe('Length of the windows') })
      .describe('How time is divided; windows are aligned to the epoch'),
    allowedLateness: durationSchema
      .default(0)
      .describe('How long after a window has fired late points still correct it'),
    aggregates: z.array(z.enum(aggregates)).min(1).default(['avg']).describe('What is computed'),
    output: z
      .strictObject({
        measure: z
          .string()
          .min(1)
          .default('{aggregate}_{measure}')
          .describe('Measure name of a row; {aggregate} and {measure} are filled in'),
      })
      .prefault({})
      .describe('How rows are written'),
  })
  .refine(
    (view) => view.aggregates.length === 1 || view.output.measure.includes('{aggregate}'),
    'with several aggregates output.measure must hold {aggregate}, or their rows would be one',
  );

/** A views file. */
export const viewsFileSchema = z
  .strictObject({ views: z.array(viewSchema).min(1) })
  .superRefine(({ views }, context) => {
    const names = views.map((view) => view.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index) {
        const path = ['views', index, 'name'];
        context.addIssue({ code: 'custom', path, message: `"${name}" names another view too` });
      }
    }
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
