import { Counter, Histogram, type Registry } from 'prom-client';

/** Every metric that raw-writer owns. */
export function defineRawWriterMetrics(registry: Registry) {
  const registers = [registry];
  return {
    points: new Counter({
      name: 'raw_writer_points_total',
      help: 'Points read, by outcome: written, already_newer (the store had a newer version), or dead_lettered. Each point has exactly one outcome.',
      labelNames: ['outcome'], // Closed set: written | already_newer | dead_lettered.
      registers,
    }),
    freshness: new Histogram({
      name: 'raw_writer_freshness_seconds',
      help: 'Time from the arrival of a record in the stream until its points are stored.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
      registers,
    }),
  };
}
export type RawWriterMetrics = ReturnType<typeof defineRawWriterMetrics>;
