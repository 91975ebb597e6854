import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

const known = z.number().nullable();

const instanceState = z
  .object({
    service: z.string(),
    url: z.string(),
    isUp: z.boolean(),
    detail: z
      .string()
      .describe('`ready`, `starting`, or the reason why the process does not answer'),
    residentBytes: known,
    cpuRatio: known.describe('CPU cores in use'),
    uptimeSeconds: known,
  })
  .describe('State of one process');

const shardState = z
  .object({
    service: z.string(),
    shardId: z.string(),
    behindLatestSeconds: known,
    watermarkMs: known,
    finalMs: known.describe('Windows that end before this time can no longer change'),
    openWindows: known,
    openRows: known,
    checkpointMs: known,
  })
  .describe('State of one shard in one service');

const edgeState = z
  .object({
    from: z.string(),
    to: z.string(),
    perSecond: known.describe('null until there are two samples'),
    total: z.number(),
    unit: z.string(),
  })
  .describe('Rate on one edge of the graph');

const pipelineState = z.object({
  atMs: timeMs,
  source: z.enum(['scrape', 'prometheus', 'none']),
  problem: z.string().nullable(),
  instances: z.array(instanceState),
  edges: z.array(edgeState),
  shards: z.array(shardState),
  totals: z.object({
    refined: known,
    tooLate: known.describe('Points too late for all of their windows'),
    partlyTooLate: known.describe(
      'Points too late for some of their windows but included in others',
    ),
    corrected: known,
    deadLetters: known,
  }),
});

const pipelineSample = z.object({
  atMs: timeMs,
  pointsPerSecond: known,
  rowsPerSecond: known,
  correctedPerSecond: known,
  tooLatePerSecond: known.describe('Points too late for some or all of their windows'),
  behindLatestSeconds: known,
  watermarkLagSeconds: known,
});

export const pipelineReply = z.object({
  state: pipelineState.nullable().describe('null until the services have been checked'),
  history: z.array(pipelineSample).describe('A few figures over time, for small charts'),
});

export type InstanceState = Immutable<z.output<typeof instanceState>>;
export type ShardState = Immutable<z.output<typeof shardState>>;
export type EdgeState = Immutable<z.output<typeof edgeState>>;
export type PipelineState = Immutable<z.output<typeof pipelineState>>;
export type PipelineSample = Immutable<z.output<typeof pipelineSample>>;
export type PipelineReply = Immutable<z.output<typeof pipelineReply>>;
