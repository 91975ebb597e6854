import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every metric that upsert-writer owns. */
export function defineUpsertWriterMetrics(registry: Registry) {
  const registers = [registry];
  return {
    partials: new Counter({
      name: 'upsert_writer_partials_total',
      help: 'Partial results read, by outcome: joined, unchanged (repeated or older), orphan (their row was removed from memory), or dead_lettered. Each has exactly one outcome.',
      labelNames: ['outcome'], // Closed set: JoinOutcome, and dead_lettered.
      registers,
    }),
    rows: new Counter({
      name: 'upsert_writer_rows_total',
      help: 'View rows sent to the store, by outcome: created, corrected, already_newer (the store had a newer version), or rejected.',
      labelNames: ['outcome'], // Closed set: created | corrected | already_newer | rejected.
      registers,
    }),
    roundedRows: new Counter({
      name: 'upsert_writer_rounded_rows_total',
      help: 'Whole numbers that were stored as DOUBLE, by cause: sum (a sum beyond 64 bits) or store (the table has the measure as DOUBLE).',
      labelNames: ['cause'], // Closed set: sum | store.
      registers,
    }),
    filledRows: new Counter({
      name: 'upsert_writer_filled_rows_total',
      help: 'Rows that fill gaps and were sent to the store, by outcome: written, already_newer, or rejected.',
      labelNames: ['outcome'], // Closed set: written | already_newer | rejected.
      registers,
    }),
    anchors: new Gauge({
      name: 'upsert_writer_fill_anchors',
      help: 'Final rows that are kept in memory because a gap may start after them: one per series.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when this worker stops reading a shard.
      registers,
    }),
    anchorsForgotten: new Counter({
      name: 'upsert_writer_fill_anchors_forgotten_total',
      help: 'Rows kept for gap filling that were removed from memory, by cause: expired (no gap can start there any more) or bound (the limit was reached).',
      labelNames: ['cause'], // Closed set: expired | bound.
      registers,
    }),
    rowsForgotten: new Counter({
      name: 'upsert_writer_rows_forgotten_total',
      help: 'View rows removed from memory, by cause: settled (final), bound (the limit was reached), or view_began_later (never written, because the window was open when the revision was raised).',
      labelNames: ['cause'], // Closed set: settled | bound | view_began_later.
      registers,
    }),
    corrections: new Counter({
      name: 'upsert_writer_corrections_total',
      help: 'Corrections of stored rows by late points, by outcome of their entry in the table of corrections: published, rejected (by the store), skipped (beyond the limit per second), or failed.',
      labelNames: ['outcome'], // Closed set: published | rejected | skipped | failed.
      registers,
    }),
    openRows: new Gauge({
      name: 'upsert_writer_open_rows',
      help: 'View rows in memory that can still change.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when this worker stops reading a shard.
      registers,
    }),
    heldRows: new Gauge({
      name: 'upsert_writer_held_rows',
      help: 'View rows that wait because a shard has not started the raised revision of their view.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when this worker stops reading a shard.
      registers,
    }),
    settled: new Gauge({
      name: 'upsert_writer_settled_timestamp_seconds',
      help: 'Event time up to which rows are settled: no shard of the raw stream can change them.',
      labelNames: ['shard_id'],
      registers,
    }),
    freshness: new Histogram({
      name: 'upsert_writer_freshness_seconds',
      help: 'Time from the arrival of the newest point of a row until the row is stored.',
      buckets: [1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600],
      registers,
    }),
  };
}
export type UpsertWriterMetrics = ReturnType<typeof defineUpsertWriterMetrics>;
