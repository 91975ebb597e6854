import type { KinesisAccount } from '@highwater/kinesis-engine';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric of the server. */
export function defineKinesisLocalMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'kinesis_local_requests_total',
      help: 'API calls, by operation and outcome: ok, cut (a simulated fault closed the connection), gone (the client disconnected), or the name of the exception.',
      labelNames: ['operation', 'outcome'], // The operations served, and the exceptions of the API.
      registers,
    }),
    duration: new Histogram({
      name: 'kinesis_local_request_duration_seconds',
      help: 'Time from the end of a request to the end of its reply. Subscriptions are not included.',
      labelNames: ['operation'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    recordsIn: new Counter({
      name: 'kinesis_local_records_in_total',
      help: 'Records that producers put.',
      registers,
    }),
    recordsOut: new Counter({
      name: 'kinesis_local_records_out_total',
      help: 'Records delivered to readers, by way: poll or subscription.',
      labelNames: ['way'], // Closed set: poll | subscription.
      registers,
    }),
    recordsRefused: new Counter({
      name: 'kinesis_local_records_refused_total',
      help: 'Entries of PutRecords that were refused because of a limit, a simulated fault, or a lack of memory.',
      registers,
    }),
  };
}
export type KinesisLocalMetrics = ReturnType<typeof defineKinesisLocalMetrics>;

/** The current state of the server, collected when metrics are requested. */
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
  gauge('kinesis_local_streams', 'Number of streams.', () => account.streams().length);
  gauge('kinesis_local_open_shards', 'Number of open shards in all streams.', () =>
    account.streams().reduce((sum, { openShards }) => sum + openShards.length, 0),
  );
  gauge('kinesis_local_subscriptions', 'Number of active subscriptions.', () => {
    return account.subscriptions.runningCount;
  });
  gauge(
    'kinesis_local_kept_bytes',
    'Bytes of records that the server keeps.',
    () => account.keptBytes,
  );
  gauge(
    'kinesis_local_memory_bytes',
    'Bytes of memory that records use.',
    () => account.budget.heldBytes,
  );
  gauge(
    'kinesis_local_memory_max_bytes',
    'Maximum of kinesis_local_memory_bytes.',
    () => account.budget.bytesMax,
  );
}
