import { z } from 'zod';

/**
 * Allowed requests: the server checks requests against these, and the docs are generated from them.
 */

const timeMs = z.number().int().min(0).max(8.64e15).describe('ms since the Unix epoch');
const measureName = z.string().min(1).max(1024);
const dimensionName = z.string().min(1).max(256);

const range = {
  fromMs: timeMs,
  toMs: timeMs,
};

const filters = z
  .record(dimensionName, z.array(z.string().max(2048)).max(50))
  .refine((given) => Object.keys(given).length <= 16, 'at most 16 dimensions')
  .default({})
  .describe('Dimension -> values; a series must have one of the values');

const isForward = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => fromMs < toMs;
const forward = 'fromMs must be before toMs';

export const measuresRequest = z.object(range).refine(isForward, forward);

const seriesChoice = {
  ...range,
  measures: z.array(measureName).max(20).default([]),
  filters,
};

export const valuesRequest = z
  .object({
    ...seriesChoice,
    dimension: dimensionName,
    limit: z.number().int().min(1).max(200).default(50),
  })
  .refine(isForward, forward);

export const searchRequest = z
  .object({
    ...seriesChoice,
    search: z.string().max(200).describe('Part of a value; case is ignored'),
    limit: z.number().int().min(1).max(50).default(6).describe('Values of one dimension'),
  })
  .refine(isForward, forward);

export const pointsRequest = z
  .object({
    ...range,
    measure: measureName,
    filters,
    by: dimensionName
      .optional()
      .describe('One line per value of this dimension, for the eight most frequent values'),
    pixels: z.number().int().min(50).max(4_000).describe('Width of the chart'),
  })
  .refine(isForward, forward);

export const windowsRequest = z
  .object({
    ...range,
    measure: measureName,
    filters,
    by: dimensionName.optional(),
    asKnownAtMs: timeMs
      .optional()
      .describe('Undo the corrections that were published after this time'),
  })
  .refine(isForward, forward);

export const correctionsRequest = z
  .object({
    ...range,
    measures: z.array(measureName).max(20).default([]),
    filters,
    order: z
      .enum(['window', 'arrival'])
      .default('arrival')
      .describe('Whether the range selects windows or arrivals of points'),
    limit: z.number().int().min(1).max(2_000).default(200),
  })
  .refine(isForward, forward);

export const queryRequest = z.object({
  statement: z.string().min(1).max(60_000),
  rowsMax: z.number().int().min(1).max(10_000).default(1_000),
});

export const deadLettersRequest = z.object({
  stage: z.string().max(100).optional(),
  reason: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export type RangeRequest = z.output<typeof measuresRequest>;
export type ValuesRequest = z.output<typeof valuesRequest>;
export type SearchRequest = z.output<typeof searchRequest>;
export type PointsRequest = z.output<typeof pointsRequest>;
export type WindowsRequest = z.output<typeof windowsRequest>;
export type CorrectionsRequest = z.output<typeof correctionsRequest>;
export type QueryRequest = z.output<typeof queryRequest>;
export type DeadLettersRequest = z.output<typeof deadLettersRequest>;
