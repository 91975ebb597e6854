import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric of a store, whatever the kind of store. */
export function defineStoreMetrics(registry: Registry) {
  const registers = [registry];
  return {
    writeDuration: new Histogram({
      name: 'sink_write_duration_seconds',
      help: 'Time from the first attempt of a request until each of its rows has an outcome, including retries.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
      registers,
    }),
    requestRecords: new Histogram({
      name: 'sink_request_records',
      help: 'Rows per request, at most 100 with Timestream, 1,000 with PostgreSQL, and 25,000 with ClickHouse. Small requests cost more per row.',
      // With the bound of each store, so that full requests can be told.
      buckets: [1, 5, 10, 25, 50, 75, 99, 100, 250, 500, 999, 1_000, 5_000, 10_000, 25_000],
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'sink_requests_in_flight',
      help: 'Requests in progress, including requests that wait for a retry.',
      registers,
    }),
    written: new Counter({
      name: 'sink_records_written_total',
      help: 'Rows that the store accepted, including repeated rows with the same version and value.',
      registers,
    }),
    alreadyNewer: new Counter({
      name: 'sink_records_already_newer_total',
      help: 'Rows that the store already had with a higher version.',
      registers,
    }),
    rejected: new Counter({
      name: 'sink_records_rejected_total',
      help: 'Rows that the store refused permanently, by reason: time_out_of_range, invalid, version_conflict, or other.',
      labelNames: ['reason'], // Closed set: RejectReason.
      registers,
    }),
    retries: new Counter({
      name: 'sink_retries_total',
      help: 'Requests that were sent again with the same rows and versions, by reason: throttled, throttled_magnetic, server_error, connection, timeout, endpoint_moved, signature_expired, too_many_parts, or memory. Not every store has each reason.',
      labelNames: ['reason'], // Closed set: RetryReason.
      registers,
    }),
    conflictsSampled: new Counter({
      name: 'sink_conflicts_sampled_total',
      help: 'Rows found with two values at the same version, in a store that cannot reject them. One of 1,000 rows is checked.',
      registers,
    }),
    bisections: new Counter({
      name: 'sink_bisections_total',
      help: 'Requests split in two because the store refused all rows without naming the bad one.',
      registers,
    }),
  };
}
export type StoreMetrics = ReturnType<typeof defineStoreMetrics>;
