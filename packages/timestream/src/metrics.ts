import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric that a store owns, whatever the store. */
export function defineStoreMetrics(registry: Registry) {
  const registers = [registry];
  return {
    writeDuration: new Histogram({
      name: 'sink_write_duration_seconds',
      help: 'From the first attempt of a request to the outcome of its last row, retries included.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    requestRecords: new Histogram({
      name: 'sink_request_records',
      help: 'Rows in a request. Far below 100, writes cost more than they need to.',
      buckets: [1, 5, 10, 25, 50, 75, 99, 100],
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'sink_requests_in_flight',
      help: 'Requests under way, those that wait for a retry included.',
      registers,
    }),
    written: new Counter({
      name: 'sink_records_written_total',
      help: 'Rows that the store took, duplicates of equal version and value included.',
      registers,
    }),
    alreadyNewer: new Counter({
      name: 'sink_records_already_newer_total',
      help: 'Rows that were settled already: a higher version is stored.',
      registers,
    }),
    rejected: new Counter({
      name: 'sink_records_rejected_total',
      help: 'Rows that the store will never take, by reason.',
      labelNames: ['reason'], // Closed set: RejectReason.
      registers,
    }),
    retries: new Counter({
      name: 'sink_retries_total',
      help: 'Requests sent again with the same rows and versions, by reason.',
      labelNames: ['reason'], // Closed set: RetryReason.
      registers,
    }),
    bisections: new Counter({
      name: 'sink_bisections_total',
      help: 'Requests split in two because the store refused the whole for some row in it.',
      registers,
    }),
  };
}
export type StoreMetrics = ReturnType<typeof defineStoreMetrics>;
