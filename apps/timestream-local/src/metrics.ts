import { Counter, Histogram, Registry } from 'prom-client';
import type { Answered } from './http/api-server.ts';
import type { RecordCounts } from './write/write-context.ts';

/** Every metric of the server. Without a registry they are kept, and shown nowhere. */
export function defineTimestreamLocalMetrics(registry: Registry = new Registry()) {
  const registers = [registry];
  const records = new Counter({
    name: 'timestream_local_records_total',
    help: 'Records of WriteRecords requests by outcome: stored, repeated (already there), rejected.',
    labelNames: ['outcome'], // Closed set, as above.
    registers,
  });
  const requests = new Histogram({
    name: 'timestream_local_request_duration_seconds',
    help: 'From the first byte of a request to its answer, by operation and HTTP status.',
    labelNames: ['operation', 'status'], // The operations of the API; the statuses of its errors.
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
    registers,
  });
  return {
    countRecords: ({ stored, repeated, rejected }: RecordCounts) => {
      records.inc({ outcome: 'stored' }, stored);
      records.inc({ outcome: 'repeated' }, repeated);
      records.inc({ outcome: 'rejected' }, rejected);
    },
    countRequest: ({ operation, status, durationMs }: Answered) => {
      requests.observe({ operation, status }, durationMs / 1000);
    },
  };
}
