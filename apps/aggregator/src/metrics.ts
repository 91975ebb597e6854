import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric the aggregator owns. */
export function defineAggregatorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    points: new Counter({
      name: 'aggregator_points_total',
      help: 'Points read, each by its one outcome.',
      labelNames: ['outcome'], // Closed set: PointOutcome, and dead_lettered.
      registers,
    }),
    latePoints: new Counter({
      name: 'aggregator_late_points_total',
      help: 'Points that came after the watermark had passed their window, by outcome.',
      labelNames: ['outcome'], // Closed set: refined | too_late | partly_too_late.
      registers,
    }),
    clockAheadPoints: new Counter({
      name: 'aggregator_clock_ahead_points_total',
      help: 'Points whose time is more than a second after their arrival; counted once a minute.',
      registers,
    }),
    clockAheadMax: new Gauge({
      name: 'aggregator_clock_ahead_max_seconds',
      help: 'How far the point that was furthest ahead of its arrival was, in the last minute.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    recordsDropped: new Counter({
      name: 'highwater_records_dropped_total',
      help: 'Points that are in no result, and not in the dead letters either.',
      labelNames: ['stage', 'reason', 'intentional'], // Closed sets.
      registers,
    }),
    partialsEmitted: new Counter({
      name: 'aggregator_partials_emitted_total',
      help: 'Partials that the results stream has accepted, by what fired them.',
      labelNames: ['firing'], // Closed set: Firing.
      registers,
    }),
    watermark: new Gauge({
      name: 'aggregator_watermark_timestamp_seconds',
      help: 'Event time up to which input is believed complete. Lag is time() - this.',
      labelNames: ['shard_id'], // Bounded by the shards; removed when a shard is let go.
      registers,
    }),
    watermarkLag: new Gauge({
      name: 'aggregator_watermark_lag_seconds',
      help: 'How far the watermark is behind the wall clock, updated once a second.',
      labelNames: ['shard_id'],
      registers,
    }),
    openSeries: new Gauge({
      name: 'aggregator_open_series',
      help: 'Series in windows that still take points, over all views; bounded.',
      labelNames: ['shard_id'],
      registers,
    }),
    openRows: new Gauge({
      name: 'aggregator_open_rows',
      help: 'Rows of state whose windows still take points: one a view, series and slice of time.',
      labelNames: ['shard_id'],
      registers,
    }),
    openWindows: new Gauge({
      name: 'aggregator_open_windows',
      help: 'Windows of all views that still take points.',
      labelNames: ['shard_id'],
      registers,
    }),
    earlyWaitingRows: new Gauge({
      name: 'aggregator_early_waiting_rows',
      help: 'At least so many rows wait with running results until their time is near enough.',
      labelNames: ['shard_id'],
      registers,
    }),
  };
}
export type AggregatorMetrics = ReturnType<typeof defineAggregatorMetrics>;
