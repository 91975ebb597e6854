import { describe, expect, it } from 'vitest';
import { startPipeline, until } from './local-pipeline.ts';

/** Metrics of every service. */
const common = [
  'highwater_build_info',
  'process_cpu_seconds_total',
  'nodejs_eventloop_lag_p99_seconds',
];
const consumer = [
  'highwater_records_received_total',
  'highwater_batch_records_count',
  'highwater_batch_duration_seconds_count',
  'highwater_last_record_processed_timestamp_seconds',
  'kinesis_behind_latest_seconds',
  'kinesis_behind_latest_max_seconds',
  'kinesis_iterator_age_seconds',
  'kinesis_received_bytes_total',
  'kinesis_read_interval_seconds',
  'kinesis_buffer_bytes',
  'kinesis_buffer_waits_total',
  'kinesis_repeated_records_total',
  'kinesis_aggregates_total',
  'kinesis_foreign_records_total',
  'kinesis_subscriptions_ended_total',
  'kinesis_leases_held',
  'kinesis_leases_lost_total',
  'kinesis_leases_taken_total',
  'kinesis_leases_requested_total',
  'kinesis_leases_handed_over_total',
  'kinesis_snapshot_bytes',
  'kinesis_snapshot_duration_seconds_count',
  'kinesis_checkpoint_timestamp_seconds',
  'highwater_errors_total',
  'highwater_dead_letters_total',
  'highwater_dead_letters_discarded_total',
  'highwater_dead_letters_bytes',
  'highwater_dead_letters_max_bytes',
];
const sink = [
  'sink_write_duration_seconds_count',
  'sink_records_written_total',
  'sink_records_rejected_total',
  'sink_retries_total',
];

const wanted: Readonly<Record<string, readonly string[]>> = {
  generator: [
    ...common,
    'generator_points_sent_total',
    'generator_late_points_total',
    'highwater_records_sent_total',
  ],
  'raw-writer': [
    ...common,
    ...consumer,
    ...sink,
    'raw_writer_points_total',
    'raw_writer_freshness_seconds_count',
  ],
  aggregator: [
    ...common,
    ...consumer,
    'highwater_records_sent_total',
    'highwater_records_dropped_total',
    'aggregator_points_total',
    'aggregator_late_points_total',
    'aggregator_partials_emitted_total',
    'aggregator_watermark_timestamp_seconds',
    'aggregator_watermark_lag_seconds',
    'aggregator_open_windows',
  ],
  'upsert-writer': [
    ...common,
    ...consumer,
    ...sink,
    'upsert_writer_partials_total',
    'upsert_writer_rows_total',
    'upsert_writer_freshness_seconds_count',
    'upsert_writer_open_rows',
    'upsert_writer_held_rows',
  ],
};

// Goal: the metrics that an operator needs exist, with their documented names. Method: scrape every
// service of a running stack. A metric without a sample counts by its HELP line.
describe('metrics', () => {
  it('of every service are scraped, with their documented names', async () => {
    await using pipeline = await startPipeline({
      generator: {
        HW_GENERATOR_SERIES: '50',
        HW_GENERATOR_RATE: '500',
        HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
        HW_GENERATOR_PERCENT_LATE: '10',
        HW_GENERATOR_LATE_TIME_SECONDS: '5',
        HW_GENERATOR_LATE_PER_POINT: 'true',
      },
    });
    for (const [service, names] of Object.entries(wanted)) {
      const missing = await until(
        async () => {
          const text = await (await fetch(pipeline.stack.metricsUrl(service))).text();
          return names.filter((name) => !isExported(text, name));
        },
        (left) => left.length === 0,
      );
      expect(missing, `metrics of ${service}`).toEqual([]);
    }
    // Names are well formed: <prefix>_<what>_<unit>, and counters end in _total.
    for (const service of Object.keys(wanted)) {
      const text = await (await fetch(pipeline.stack.metricsUrl(service))).text();
      const counters = [...text.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name);
      expect(counters.filter((name) => !name?.endsWith('_total'))).toEqual([]);
    }
  });
});

function isExported(text: string, name: string): boolean {
  const family = name.replace(/_count$/, '');
  return text.includes(`# TYPE ${name} `) || text.includes(`# TYPE ${family} `);
}
