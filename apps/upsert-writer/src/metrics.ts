import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric the upsert writer owns. */
export function defineUpsertWriterMetrics(registry: Registry) {
  const registers = [registry];
  return {
    partials: new Counter({
      name: 'upsert_writer_partials_total',
      help: 'Partials read, each by its one outcome.',
      labelNames: ['outcome'], // Closed set: JoinOutcome, and dead_lettered.
      registers,
    }),
    rows: new Counter({
      name: 'upsert_writer_rows_total',
      help: 'View rows sent to the store, by outcome.',
      labelNames: ['outcome'], // Closed set: created | corrected | already_newer | rejected.
      registers,
    }),
    roundedRows: new Counter({
      name: 'upsert_writer_rounded_rows_total',
      help: 'Whole numbers stored as DOUBLE: beyond 64 bits (sum), or the store has that type (store).',
      labelNames: ['cause'], // Closed set: sum | store.
      registers,
    }),
    filledRows: new Counter({
      name: 'upsert_writer_filled_rows_total',
      help: 'Rows that fill gaps, sent to the store, by outcome.',
      labelNames: ['outcome'], // Closed set: written | already_newer | rejected.
      registers,
    }),
    anchors: new Gauge({
      name: 'upsert_writer_fill_anchors',
      help: 'Forgotten rows that are kept because a gap may begin at them, one a series.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    anchorsForgotten: new Counter({
      name: 'upsert_writer_fill_anchors_forgotten_total',
      help: 'Anchors let go: out of reach (expired), or to keep within the bound (bound).',
      labelNames: ['cause'], // Closed set: expired | bound.
      registers,
    }),
    rowsForgotten: new Counter({
      name: 'upsert_writer_rows_forgotten_total',
      help: 'View rows let go: final (settled), to keep within the bound (bound), or never to be written because a source began the revision later (view_began_later).',
      labelNames: ['cause'], // Closed set: settled | bound | view_began_later.
      registers,
    }),
    corrections: new Counter({
      name: 'upsert_writer_corrections_total',
      help: 'Changes of stored rows by late points, by what became of their publication.',
      labelNames: ['outcome'], // Closed set: published | rejected | skipped | failed.
      registers,
    }),
    openRows: new Gauge({
      name: 'upsert_writer_open_rows',
      help: 'View rows whose partials are kept.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    heldRows: new Gauge({
      name: 'upsert_writer_held_rows',
      help: 'View rows that are not written yet because a source has not begun the raised revision.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    settled: new Gauge({
      name: 'upsert_writer_settled_timestamp_seconds',
      help: 'Event time up to which every source has promised to change nothing.',
      labelNames: ['shard_id'],
      registers,
    }),
    freshness: new Histogram({
      name: 'upsert_writer_freshness_seconds',
      help: "From the arrival of a row's newest point to the row being stored.",
      buckets: [1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
      registers,
    }),
  };
}
export type UpsertWriterMetrics = ReturnType<typeof defineUpsertWriterMetrics>;
