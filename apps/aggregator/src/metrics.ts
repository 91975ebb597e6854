import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric the aggregator owns. */
export function defineAggregatorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    points: new Counter({
      name: 'aggregator_points_total',
      help: 'Points read, by outcome: aggregated, refined (corrects a row), partly_too_late, too_late, unmatched (no view selects it), unassigned (between the windows of its views), or dead_lettered. Each point has exactly one outcome.',
      labelNames: ['outcome'], // Closed set: PointOutcome, and dead_lettered.
      registers,
    }),
    latePoints: new Counter({
      name: 'aggregator_late_points_total',
      help: 'Points that arrived after the watermark had passed the end of their window, by outcome: refined (included), partly_too_late (too late for some windows), or too_late.',
      labelNames: ['outcome'], // Closed set: refined | too_late | partly_too_late.
      registers,
    }),
    clockAheadPoints: new Counter({
      name: 'aggregator_clock_ahead_points_total',
      help: 'Points whose time is more than a second ahead of their arrival. Updated once per minute.',
      registers,
    }),
    clockAheadMax: new Gauge({
      name: 'aggregator_clock_ahead_max_seconds',
      help: 'The most that the time of a point was ahead of its arrival in the last minute.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    recordsDropped: new Counter({
      name: 'highwater_records_dropped_total',
      help: 'Points that are neither in a result nor in the dead letters, by reason: too_late or unassigned (between the windows of its views).',
      labelNames: ['stage', 'reason', 'intentional'], // Closed sets.
      registers,
    }),
    partialsEmitted: new Counter({
      name: 'aggregator_partials_emitted_total',
      help: 'Partial results that the results stream accepted, by cause: on_time, late, early, idle, or shard_end.',
      labelNames: ['firing'], // Closed set: Firing.
      registers,
    }),
    watermark: new Gauge({
      name: 'aggregator_watermark_timestamp_seconds',
      help: 'Watermark of the shard: the event time up to which its input is expected to be complete.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when this worker stops reading a shard.
      registers,
    }),
    watermarkLag: new Gauge({
      name: 'aggregator_watermark_lag_seconds',
      help: 'How far the watermark of the shard is behind the wall clock. Updated once per second.',
      labelNames: ['shard_id'],
      registers,
    }),
    openSeries: new Gauge({
      name: 'aggregator_open_series',
      help: 'Series in windows that still accept points, for all views. HW_AGGREGATOR_SERIES_MAX limits it.',
      labelNames: ['shard_id'],
      registers,
    }),
    openRows: new Gauge({
      name: 'aggregator_open_rows',
      help: 'Rows in windows that still accept points: one per series and window of a view. Windows that overlap share rows. HW_AGGREGATOR_ROWS_MAX limits it.',
      labelNames: ['shard_id'],
      registers,
    }),
    openWindows: new Gauge({
      name: 'aggregator_open_windows',
      help: 'Windows of all views that still accept points. HW_AGGREGATOR_WINDOWS_MAX limits it.',
      labelNames: ['shard_id'],
      registers,
    }),
    earlyWaitingRows: new Gauge({
      name: 'aggregator_early_waiting_rows',
      help: 'Lower bound of the number of rows whose running results wait to be sent, because the store would still reject their time as too far in the future.',
      labelNames: ['shard_id'],
      registers,
    }),
  };
}
export type AggregatorMetrics = ReturnType<typeof defineAggregatorMetrics>;
