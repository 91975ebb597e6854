import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { count, elapsedMs, timeMs } from './units.ts';

const numbers = z.array(z.number());

const pointGroup = z
  .object({
    name: z.string().describe('Value of the dimension that colors the chart; empty for all series'),
    timesMs: z.array(timeMs),
    mins: numbers,
    maxs: numbers,
    means: numbers,
    pointsCount: count,
  })
  .describe('Numbers in columns: `mins[i]` belongs to `timesMs[i]`, …');

export const pointsReply = z.object({
  binMs: z.number().min(0).describe('Width of the bins; 0 if the points are not binned'),
  pointsCount: count,
  groups: z.array(pointGroup),
  moreGroups: z.boolean().describe('Whether more groups exist than are shown'),
  elapsedMs,
});

const windowRow = z.object({
  group: z.string(),
  startMs: timeMs,
  endMs: timeMs,
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  rowsCount: count,
  isFilled: z.boolean().describe('Whether all rows fill gaps and none was computed from points'),
});

export const windowsReply = z.object({
  windows: z.array(windowRow),
  isTruncated: z.boolean(),
  elapsedMs,
});

const measureInfo = z.object({
  name: z.string(),
  isNumber: z
    .boolean()
    .describe('Whether the measure is numeric. Only numeric measures can be drawn'),
  isView: z.boolean().describe('Whether the rows are of a view, one per window'),
});

export const measuresReply = z.object({
  measures: z.array(measureInfo),
  dimensions: z.array(z.string()),
});

export const valuesReply = z.object({
  values: z.array(z.string()).describe('Sorted'),
  isTruncated: z.boolean(),
});

export const searchReply = z.object({
  dimensions: z.array(valuesReply.extend({ dimension: z.string() })),
});

export type PointGroup = Immutable<z.output<typeof pointGroup>>;
export type PointsReply = Immutable<z.output<typeof pointsReply>>;
export type WindowRow = Immutable<z.output<typeof windowRow>>;
export type WindowsReply = Immutable<z.output<typeof windowsReply>>;
export type MeasureInfo = Immutable<z.output<typeof measureInfo>>;
export type MeasuresReply = Immutable<z.output<typeof measuresReply>>;
export type ValuesReply = Immutable<z.output<typeof valuesReply>>;
export type SearchReply = Immutable<z.output<typeof searchReply>>;
