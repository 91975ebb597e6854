import type { EdgeState, InstanceState, PipelineState, ShardState } from '../contract.ts';
import type { MetricSample } from '@highwater/service';
import type { PipelineSnapshot, ServiceSample } from './service-sample.ts';

interface EdgeDefinition {
  readonly from: string;
  readonly to: string;
  readonly unit: string;
  /** The counter, from the service at one of the ends. */
  readonly service: string;
  readonly metric: string;
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The counter of each flow between two parts. */
const edges: readonly EdgeDefinition[] = [
  {
    from: 'generator',
    to: 'raw',
    unit: 'points',
    service: 'generator',
    metric: 'generator_points_sent_total',
  },
  {
    from: 'raw',
    to: 'raw-writer',
    unit: 'records',
    service: 'raw-writer',
    metric: 'highwater_records_received_total',
  },
  {
    from: 'raw-writer',
    to: 'store',
    unit: 'points',
    service: 'raw-writer',
    metric: 'raw_writer_points_total',
    where: { outcome: ['written'] },
  },
  {
    from: 'raw',
    to: 'aggregator',
    unit: 'records',
    service: 'aggregator',
    metric: 'highwater_records_received_total',
  },
  {
    from: 'aggregator',
    to: 'results',
    unit: 'partials',
    service: 'aggregator',
    metric: 'aggregator_partials_emitted_total',
  },
  {
    from: 'results',
    to: 'upsert-writer',
    unit: 'partials',
    service: 'upsert-writer',
    metric: 'upsert_writer_partials_total',
  },
  {
    from: 'upsert-writer',
    to: 'store',
    unit: 'rows',
    service: 'upsert-writer',
    metric: 'upsert_writer_rows_total',
    where: { outcome: ['created', 'corrected'] },
  },
];

/** The summary of all services. Rates need the previous sample. */
export function summarise(
  snapshot: PipelineSnapshot,
  previous: PipelineSnapshot | undefined,
): PipelineState {
  const { atMs, source, problem, services } = snapshot;
  return {
    atMs,
    source,
    problem,
    instances: services.map((service) => instanceState(service, snapshot, previous)),
    edges: edges.map(({ from, to, unit, service, metric, where }): EdgeState => {
      const pick = { service, metric, where };
      return {
        from,
        to,
        unit,
        total: sumOf(services, pick) ?? 0,
        perSecond: rateOf(snapshot, previous, pick),
      };
    }),
    shards: services.flatMap(shardStates).toSorted((a, b) => order(a).localeCompare(order(b))),
    totals: {
      refined: sumOf(services, late('refined')),
      tooLate: sumOf(services, late('too_late')),
      partlyTooLate: sumOf(services, late('partly_too_late')),
      corrected: sumOf(services, corrected),
      deadLetters: sumOf(services, { metric: 'highwater_dead_letters_total' }),
    },
  };
}

/** The samples to add up. */
interface Pick {
  readonly metric: string;
  readonly service?: string | undefined;
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
}

const late = (...outcomes: readonly string[]): Pick => ({
  metric: 'aggregator_late_points_total',
  where: { outcome: outcomes },
});

/** Rows that were written again. */
export const corrected: Pick = {
  metric: 'upsert_writer_rows_total',
  where: { outcome: ['corrected'] },
};

/** Points that are missing from at least one of their windows. */
export const tooLate: Pick = late('too_late', 'partly_too_late');

function order({ service, shardId }: ShardState): string {
  return `${service} ${shardId}`;
}

/** @returns null when no process has the metric */
function sumOf(
  services: readonly ServiceSample[],
  { service, metric, where = {} }: Pick,
): number | null {
  let sum: number | null = null;
  for (const each of services) {
    if (service !== undefined && each.service !== service) continue;
    for (const { name, labels, value } of each.samples) {
      if (name !== metric) continue;
      sum ??= 0;
      const matches = Object.entries(where).every(([label, values]) =>
        values.includes(labels[label] ?? ''),
      );
      if (matches) sum += value;
    }
  }
  return sum;
}

/**
 * The rate of a counter, per process. A restarted process counts from zero, and a new or missing
 * one contributes nothing.
 */
export function rateOf(
  snapshot: PipelineSnapshot,
  previous: PipelineSnapshot | undefined,
  pick: Pick,
): number | null {
  if (!previous || snapshot.atMs <= previous.atMs) return null;
  let risen: number | null = null;
  for (const service of snapshot.services) {
    const before = previous.services.find(({ url }) => url === service.url);
    const now = sumOf([service], pick);
    const then = before && sumOf([before], pick);
    if (now === null || then === undefined || then === null) continue;
    risen = (risen ?? 0) + (now >= then ? now - then : now);
  }
  return risen === null ? null : risen / ((snapshot.atMs - previous.atMs) / 1000);
}

function instanceState(
  { service, url, isUp, detail, samples }: ServiceSample,
  snapshot: PipelineSnapshot,
  previous: PipelineSnapshot | undefined,
): InstanceState {
  const one = (now: PipelineSnapshot) => ({
    ...now,
    services: now.services.filter((each) => each.url === url),
  });
  const startSeconds = valueOf(samples, 'process_start_time_seconds');
  return {
    service,
    url,
    isUp,
    detail,
    residentBytes: valueOf(samples, 'process_resident_memory_bytes'),
    cpuRatio: rateOf(one(snapshot), previous && one(previous), {
      metric: 'process_cpu_seconds_total',
    }),
    uptimeSeconds: startSeconds === null ? null : snapshot.atMs / 1000 - startSeconds,
  };
}

function valueOf(samples: readonly MetricSample[], metric: string): number | null {
  return samples.find(({ name }) => name === metric)?.value ?? null;
}

const shardMetrics: Readonly<Record<string, keyof ShardState>> = {
  kinesis_behind_latest_seconds: 'behindLatestSeconds',
  aggregator_watermark_timestamp_seconds: 'watermarkMs',
  aggregator_open_windows: 'openWindows',
  aggregator_open_rows: 'openRows',
  upsert_writer_open_rows: 'openRows',
  upsert_writer_settled_timestamp_seconds: 'finalMs',
  kinesis_checkpoint_timestamp_seconds: 'checkpointMs',
};

function shardStates({ service, samples }: ServiceSample): readonly ShardState[] {
  const shards = new Map<string, ShardState>();
  for (const { name, labels, value } of samples) {
    const field = shardMetrics[name];
    const shardId = labels['shard_id'];
    if (field === undefined || shardId === undefined) continue;
    const known = shards.get(shardId) ?? {
      service,
      shardId,
      behindLatestSeconds: null,
      watermarkMs: null,
      finalMs: null,
      openWindows: null,
      openRows: null,
      checkpointMs: null,
    };
    shards.set(shardId, { ...known, [field]: field.endsWith('Ms') ? value * 1000 : value });
  }
  return [...shards.values()];
}
