import { z } from 'zod';
import type { Immutable } from './immutable.ts';
import { timeMs } from './units.ts';

const known = z.number().nullable();

const instanceState = z
  .object({
    service: z.string(),
    url: z.string(),
    isUp: z.boolean(),
    detail: z.string().describe('`ready`, `starting`, or why it cannot be seen'),
    residentBytes: known,
    cpuRatio: known.describe('Processors that it keeps busy'),
    uptimeSeconds: known,
  })
  .describe('One process, as it answered');

const shardState = z
  .object({
    service: z.string(),
    shardId: z.string(),
    behindLatestSeconds: known,
    watermarkMs: known,
    finalMs: known.describe('Rows of windows before it are final'),
    openWindows: known,
    openRows: known,
    checkpointMs: known,
  })
  .describe('One shard, as the service that reads it sees it');

const edgeState = z
  .object({
    from: z.string(),
    to: z.string(),
    perSecond: known.describe('null while only one sample is known'),
    total: z.number(),
    unit: z.string(),
  })
  .describe('What flows on one edge of the graph');

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
    partlyTooLate: known.describe('Points too late for some windows, and in others'),
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
  state: pipelineState.nullable().describe('null until the services have been looked at'),
  history: z.array(pipelineSample).describe('A few figures over time, for small charts'),
});

export type InstanceState = Immutable<z.output<typeof instanceState>>;
export type ShardState = Immutable<z.output<typeof shardState>>;
export type EdgeState = Immutable<z.output<typeof edgeState>>;
export type PipelineState = Immutable<z.output<typeof pipelineState>>;
export type PipelineSample = Immutable<z.output<typeof pipelineSample>>;
export type PipelineReply = Immutable<z.output<typeof pipelineReply>>;
