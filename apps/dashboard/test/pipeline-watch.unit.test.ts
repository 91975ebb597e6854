import { parseMetrics } from '@highwater/service';
import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import type { PipelineReply } from '../src/contract.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';

const { signal } = new AbortController();

/** A watch over services with the metrics of a test. */
function watching() {
  const clock = new SimulatedClock();
  let texts: Readonly<Record<string, string>> = {};
  const watch = new PipelineWatch(
    async () => ({
      source: 'scrape',
      problem: null,
      services: Object.entries(texts).map(([service, text]) => ({
        service,
        url: service,
        isUp: true,
        detail: 'ready',
        samples: parseMetrics(text),
      })),
    }),
    clock,
  );
  return {
    clock,
    watch,
    look: async (metrics: Readonly<Record<string, string>> = {}) => {
      texts = metrics;
      await watch.look(signal);
    },
  };
}

describe('PipelineWatch', () => {
  it('reports how far behind the slowest shard is', async () => {
    const { clock, watch, look } = watching();
    const nowSeconds = clock.nowMs() / 1_000;
    await look({
      aggregator: [
        'kinesis_behind_latest_seconds{shard_id="s-1"} 3',
        'kinesis_behind_latest_seconds{shard_id="s-2"} 40',
        `aggregator_watermark_timestamp_seconds{shard_id="s-1"} ${nowSeconds - 5}`,
        `aggregator_watermark_timestamp_seconds{shard_id="s-2"} ${nowSeconds - 60}`,
      ].join('\n'),
    });
    expect(watch.reply.history).toMatchObject([
      { behindLatestSeconds: 40, watermarkLagSeconds: 60, pointsPerSecond: null },
    ]);
  });

  it('reports rates since the previous sample', async () => {
    const { clock, watch, look } = watching();
    const rows = (corrected: number, created: number, late: number) => ({
      'upsert-writer': [
        `upsert_writer_rows_total{outcome="corrected"} ${corrected}`,
        `upsert_writer_rows_total{outcome="created"} ${created}`,
        'upsert_writer_rows_total{outcome="unchanged"} 1000',
      ].join('\n'),
      aggregator: `aggregator_late_points_total{outcome="too_late"} ${late}`,
    });
    await look(rows(10, 100, 1));
    await clock.advance(2_000);
    await look(rows(14, 120, 2));
    expect(watch.reply.history.at(-1)).toMatchObject({
      rowsPerSecond: 12,
      correctedPerSecond: 2,
      tooLatePerSecond: 0.5,
    });
  });

  it('reports how long a process has run, and how busy it is', async () => {
    const { clock, watch, look } = watching();
    const startedSeconds = clock.nowMs() / 1_000 - 90;
    const text = (cpuSeconds: number) =>
      [
        `process_start_time_seconds ${startedSeconds}`,
        `process_cpu_seconds_total ${cpuSeconds}`,
        'process_resident_memory_bytes 1024',
      ].join('\n');
    await look({ generator: text(7) });
    await clock.advance(10_000);
    await look({ generator: text(12) });
    expect(watch.reply.state?.instances).toMatchObject([
      { service: 'generator', uptimeSeconds: 100, cpuRatio: 0.5, residentBytes: 1_024 },
    ]);
  });

  it('keeps a quarter of an hour and no more', async () => {
    const { clock, watch, look } = watching();
    const firstMs = clock.nowMs();
    for (let looks = 0; looks < 460; looks += 1) {
      await look();
      await clock.advance(2_000);
    }
    const { history } = watch.reply;
    expect(history).toHaveLength(450);
    expect(history[0]?.atMs).toBe(firstMs + 10 * 2_000);
  });

  it('gives each listener the newest values, until it is disposed', async () => {
    const { watch, look } = watching();
    const heard: PipelineReply[] = [];
    const listening = watch.listen((news) => heard.push(news));
    await look();
    await look();
    expect(heard.map(({ history }) => history.length)).toEqual([1, 1]);
    listening[Symbol.dispose]();
    await look();
    expect(heard).toHaveLength(2);
  });

  it('samples at every interval, and stops with its signal', async () => {
    const { clock, watch } = watching();
    const stop = new AbortController();
    const running = watch.run(2_000, stop.signal);
    await clock.advance(7_000);
    expect(watch.reply.history).toHaveLength(4);
    stop.abort();
    await running;
    expect(clock.sleepersCount).toBe(0);
  });
});
