import { z } from 'zod';

/** What the page asks and gets: one place for the server's checks, the page's types and the docs. */

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
  .describe('Dimension -> values; a series must have one of them');

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
    search: z.string().max(200).describe('Part of a value, case ignored'),
    limit: z.number().int().min(1).max(50).default(6).describe('Values of one dimension'),
  })
  .refine(isForward, forward);

export const pointsRequest = z
  .object({
    ...range,
    measure: measureName,
    filters,
    by: dimensionName.optional().describe('A line for each value of this dimension, the top eight'),
    pixels: z.number().int().min(50).max(4_000).describe('Width of the chart'),
  })
  .refine(isForward, forward);

export const windowsRequest = z
  .object({
    ...range,
    measure: measureName,
    filters,
    by: dimensionName.optional(),
    asKnownAtMs: timeMs.optional().describe('Undo the corrections that came after'),
  })
  .refine(isForward, forward);

export const correctionsRequest = z
  .object({
    ...range,
    measures: z.array(measureName).max(20).default([]),
    filters,
    order: z.enum(['window', 'arrival']).default('arrival').describe('What the range is about'),
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

/** Numbers by column: `timesMs[i]` has `mins[i]`, … */
export interface PointGroup {
  /** The value of the dimension that colours; empty for all. */
  readonly name: string;
  readonly timesMs: readonly number[];
  readonly mins: readonly number[];
  readonly maxs: readonly number[];
  readonly means: readonly number[];
  readonly pointsCount: number;
}

export interface PointsReply {
  /** Width of the bins; 0 when every point is there as it is. */
  readonly binMs: number;
  readonly pointsCount: number;
  readonly groups: readonly PointGroup[];
  /** Groups that are not shown. */
  readonly moreGroups: boolean;
  readonly elapsedMs: number;
}

export interface WindowRow {
  readonly group: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly rowsCount: number;
  /** Every row of it was filled in, none computed from points. */
  readonly isFilled: boolean;
}

export interface WindowsReply {
  readonly windows: readonly WindowRow[];
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
}

export interface Correction {
  readonly measure: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** Arrival of the newest point that it includes. */
  readonly knownAtMs: number;
  readonly from: number;
  readonly to: number;
  readonly points: number;
  readonly added: number;
  readonly late: number;
  readonly lateByMs: number;
}

export interface CorrectionsReply {
  /** Newest first. */
  readonly corrections: readonly Correction[];
  readonly isTruncated: boolean;
  /** The table is not there: nothing has published a correction yet. */
  readonly isMissing: boolean;
}

export interface MeasureInfo {
  readonly name: string;
  /** Else it cannot be drawn. */
  readonly isNumber: boolean;
  readonly pointsCount: number;
  readonly newestMs: number;
  /** Rows of a view, one a window. */
  readonly isView: boolean;
}

export interface MeasuresReply {
  readonly measures: readonly MeasureInfo[];
  readonly dimensions: readonly string[];
}

export interface ValuesReply {
  readonly values: readonly { readonly value: string; readonly pointsCount: number }[];
  readonly isTruncated: boolean;
}

export interface SearchReply {
  readonly dimensions: readonly (ValuesReply & { readonly dimension: string })[];
}

export interface InfoReply {
  readonly version: string;
  readonly database: string;
  readonly table: string;
  readonly correctionsTable: string;
  readonly nowMs: number;
  readonly hasServices: boolean;
}

export interface QueryReply {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
  readonly bytesScanned: number;
}

export interface ErrorReply {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly line?: number | undefined;
    readonly column?: number | undefined;
  };
}

/** One process, as it answered. */
export interface InstanceState {
  readonly service: string;
  readonly url: string;
  readonly isUp: boolean;
  readonly detail: string;
  readonly residentBytes: number | null;
  readonly cpuRatio: number | null;
  readonly uptimeSeconds: number | null;
}

/** One shard, as the service that reads it sees it. */
export interface ShardState {
  readonly service: string;
  readonly shardId: string;
  readonly behindLatestSeconds: number | null;
  readonly watermarkMs: number | null;
  /** Rows of windows before it are final: every source has passed their lateness. */
  readonly finalMs: number | null;
  readonly openWindows: number | null;
  readonly openRows: number | null;
  readonly checkpointMs: number | null;
}

/** Records a second on one edge of the graph; null while only one sample is known. */
export interface EdgeState {
  readonly from: string;
  readonly to: string;
  readonly perSecond: number | null;
  readonly total: number;
  readonly unit: string;
}

export interface PipelineState {
  readonly atMs: number;
  readonly source: 'scrape' | 'prometheus' | 'none';
  readonly problem: string | null;
  readonly instances: readonly InstanceState[];
  readonly edges: readonly EdgeState[];
  readonly shards: readonly ShardState[];
  readonly totals: Readonly<
    Record<'refined' | 'tooLate' | 'partlyTooLate' | 'corrected' | 'deadLetters', number | null>
  >;
}

/** A few figures of the pipeline over time, for small charts. */
export interface PipelineSample {
  readonly atMs: number;
  readonly pointsPerSecond: number | null;
  readonly rowsPerSecond: number | null;
  readonly correctedPerSecond: number | null;
  readonly tooLatePerSecond: number | null;
  readonly behindLatestSeconds: number | null;
  readonly watermarkLagSeconds: number | null;
}

export interface PipelineReply {
  readonly state: PipelineState | null;
  readonly history: readonly PipelineSample[];
}

export interface DeadLetterView {
  readonly time: string;
  readonly stage: string;
  readonly reason: string;
  readonly detail: string;
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivalTime: string;
  readonly payload: {
    readonly kind: 'json' | 'text' | 'bytes';
    readonly text: string;
    readonly sizeBytes: number;
  };
  readonly advice: string;
}

export interface DeadLettersReply {
  /** Newest first. */
  readonly letters: readonly DeadLetterView[];
  readonly isTruncated: boolean;
  /** How many of each, among those that were read. */
  readonly reasons: readonly {
    readonly stage: string;
    readonly reason: string;
    readonly lettersCount: number;
  }[];
}

/** What the live connection says. */
export interface LiveTick {
  readonly atMs: number;
  readonly store: 'ok' | 'down' | 'unknown';
  readonly detail: string | null;
}
