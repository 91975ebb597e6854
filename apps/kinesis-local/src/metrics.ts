import type { KinesisAccount } from '@highwater/kinesis-engine';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric of the server. */
export function defineKinesisLocalMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'kinesis_local_requests_total',
      help: 'Calls of the API, by operation and by outcome: ok, cut, gone (the client broke off), or the name of the exception.',
      labelNames: ['operation', 'outcome'], // The operations served, and the exceptions of the API.
      registers,
    }),
    duration: new Histogram({
      name: 'kinesis_local_request_duration_seconds',
      help: 'From the whole request to the whole reply, without subscriptions.',
      labelNames: ['operation'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    recordsIn: new Counter({
      name: 'kinesis_local_records_in_total',
      help: 'Records that were put.',
      registers,
    }),
    recordsOut: new Counter({
      name: 'kinesis_local_records_out_total',
      help: 'Records that were delivered, by way: poll or subscription.',
      labelNames: ['way'], // Closed set: poll | subscription.
      registers,
    }),
    recordsRefused: new Counter({
      name: 'kinesis_local_records_refused_total',
      help: 'Entries of PutRecords that were refused, by a limit, a fault, or for want of memory.',
      registers,
    }),
  };
}
export type KinesisLocalMetrics = ReturnType<typeof defineKinesisLocalMetrics>;

/** What is held just now; looked up when the metrics are asked for. */
export function defineAccountMetrics(registry: Registry, account: KinesisAccount): void {
  const gauge = (name: string, help: string, look: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(look());
      },
    });
  gauge('kinesis_local_streams', 'Streams.', () => account.streams().length);
  gauge('kinesis_local_open_shards', 'Open shards of all streams.', () =>
    account.streams().reduce((sum, { openShards }) => sum + openShards.length, 0),
  );
  gauge('kinesis_local_subscriptions', 'Subscriptions that run.', () => {
    return account.subscriptions.runningCount;
  });
  gauge('kinesis_local_kept_bytes', 'Records that are kept.', () => account.keptBytes);
  gauge('kinesis_local_memory_bytes', 'Memory that records take.', () => account.budget.heldBytes);
  gauge('kinesis_local_memory_max_bytes', 'The bound on that.', () => account.budget.bytesMax);
}
