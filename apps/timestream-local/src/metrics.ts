import type { Answered } from '@highwater/aws-json';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EndReason } from './engine/engine-child.ts';
import type { EngineName } from './engine/engines.ts';
import type { RecordCounts } from './write/write-context.ts';

const engineNames: readonly EngineName[] = ['queries', 'functions'];
const endReasons: readonly EndReason[] = ['time', 'memory', 'crash'];

/** Every metric of the server. Without a registry, they are counted but not served. */
export function defineTimestreamLocalMetrics(registry: Registry = new Registry()) {
  const registers = [registry];
  const records = new Counter({
    name: 'timestream_local_records_total',
    help: 'Records of WriteRecords requests, by outcome: stored, repeated (already there), or rejected.',
    labelNames: ['outcome'], // Closed set, as above.
    registers,
  });
  const requests = new Histogram({
    name: 'timestream_local_request_duration_seconds',
    help: 'Time from the first byte of a request to its reply, by operation and HTTP status.',
    labelNames: ['operation', 'status'], // The operations of the API; the statuses of its errors.
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
    registers,
  });
  const engineEnds = new Counter({
    name: 'timestream_local_engine_ends_total',
    help: 'Query processes that ended unexpectedly, by engine and reason: time (a statement kept running after it was stopped), memory, or crash.',
    labelNames: ['engine', 'reason'], // Closed sets: `engineNames`, `endReasons`.
    registers,
  });
  for (const engine of engineNames) {
    for (const reason of endReasons) engineEnds.inc({ engine, reason }, 0);
  }
  return {
    countRecords: ({ stored, repeated, rejected }: RecordCounts) => {
      records.inc({ outcome: 'stored' }, stored);
      records.inc({ outcome: 'repeated' }, repeated);
      records.inc({ outcome: 'rejected' }, rejected);
    },
    countRequest: ({ operation, status, durationMs }: Answered) => {
      requests.observe({ operation, status }, durationMs / 1000);
    },
    countEngineEnd: (engine: EngineName, reason: EndReason) => {
      engineEnds.inc({ engine, reason });
    },
    /** @param look is called whenever the metrics are asked for */
    showRowsBehind: (look: () => Readonly<Record<EngineName, number>>) =>
      new Gauge({
        name: 'timestream_local_engine_rows_behind',
        help: 'Rows that are stored but not yet in the copy of the query engine.',
        labelNames: ['engine'],
        registers,
        collect() {
          const behind = look();
          for (const engine of engineNames) this.set({ engine }, behind[engine]);
        },
      }),
  };
}
