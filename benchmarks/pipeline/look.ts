import type { LocalStack } from '../../apps/local/src/index.ts';
import { totalOf } from '../recovery/samples.ts';

/** The outputs that a service counts. */
export const counters: Readonly<Record<string, string>> = {
  generator: 'generator_points_sent_total',
  'raw-writer': 'raw_writer_points_total',
  aggregator: 'aggregator_points_total',
  'upsert-writer': 'upsert_writer_rows_total',
};

/** The metrics of one service that a benchmark needs. */
export interface ServiceLook {
  /** Points or rows since its start. */
  readonly doneCount: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** For the shard that is furthest behind; 0 for a service that reads no stream. */
  readonly behindSeconds: number;
}

/** One sample of all services of a stack. */
export interface Look {
  /** By the monotonic clock. */
  readonly atMs: number;
  readonly byService: ReadonlyMap<string, ServiceLook>;
}

/** Scrapes every service. */
export async function look({ services }: LocalStack): Promise<Look> {
  const entries = services.map(
    async ({ name, opsUrl }) => [name, await lookAt(name, `${opsUrl}/metrics`)] as const,
  );
  return { atMs: performance.now(), byService: new Map(await Promise.all(entries)) };
}

/** Scrapes one service. */
export async function lookAt(name: string, metricsUrl: string): Promise<ServiceLook> {
  const text = await (await fetch(metricsUrl)).text();
  const counter = counters[name];
  return {
    doneCount: counter === undefined ? 0 : totalOf(text, counter),
    cpuSeconds: totalOf(text, 'process_cpu_seconds_total'),
    residentBytes: totalOf(text, 'process_resident_memory_bytes'),
    behindSeconds: totalOf(text, 'kinesis_behind_latest_max_seconds'),
  };
}
