import { Counter, Histogram, type Registry } from 'prom-client';

/** The producer's metrics. */
export function defineProducerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    recordsSent: new Counter({
      name: 'highwater_records_sent_total',
      help: 'Records that the stream accepted.',
      registers,
    }),
    putRetries: new Counter({
      name: 'kinesis_put_retries_total',
      help: 'Records that were sent again, by the error code of Kinesis.',
      labelNames: ['code'], // Closed set: the service's error codes and the network's.
      registers,
    }),
    putDuration: new Histogram({
      name: 'kinesis_put_duration_seconds',
      help: 'Time from a batch being ready until the stream has accepted all its records, including retries.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
  };
}
export type ProducerMetrics = ReturnType<typeof defineProducerMetrics>;
