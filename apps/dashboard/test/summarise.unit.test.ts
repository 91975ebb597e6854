import { describe, expect, it } from 'vitest';
import { parseMetrics } from '@highwater/service';
import type { PipelineSnapshot } from '../src/pipeline/service-sample.ts';
import { rateOf, summarise, tooLate } from '../src/pipeline/summarise.ts';

const snapshot = (
  atMs: number,
  metricsByUrl: Readonly<Record<string, string>>,
): PipelineSnapshot => ({
  atMs,
  source: 'scrape',
  problem: null,
  services: Object.entries(metricsByUrl).map(([url, text]) => ({
    service: 'generator',
    url,
    isUp: true,
    detail: 'ready',
    samples: parseMetrics(text),
  })),
});

const rate = (now: PipelineSnapshot, before?: PipelineSnapshot) =>
  summarise(now, before).edges.find(({ from }) => from === 'generator')?.perSecond;

describe('rates', () => {
  const sent = (count: number) => `generator_points_sent_total ${count}`;

  it('are unknown before the second sample', () => {
    expect(rate(snapshot(1_000, { a: sent(5) }))).toBeNull();
  });

  it('add up the processes of a service', () => {
    const before = snapshot(0, { a: sent(10), b: sent(100) });
    expect(rate(snapshot(2_000, { a: sent(20), b: sent(130) }), before)).toBe(20);
  });

  it('count from zero after a restart, and ignore a new process', () => {
    const before = snapshot(0, { a: sent(1_000) });
    expect(rate(snapshot(1_000, { a: sent(7), b: sent(9_000) }), before)).toBe(7);
  });
});

describe('points that are too late', () => {
  const late = (all: number, some: number) =>
    [
      `aggregator_late_points_total{outcome="refined"} 1000`,
      `aggregator_late_points_total{outcome="too_late"} ${all}`,
      `aggregator_late_points_total{outcome="partly_too_late"} ${some}`,
    ].join('\n');

  it('are counted separately: for all of their windows, and for some', () => {
    expect(summarise(snapshot(0, { a: late(3, 20) }), undefined).totals).toMatchObject({
      refined: 1_000,
      tooLate: 3,
      partlyTooLate: 20,
    });
  });

  it('have the combined rate of both', () => {
    const before = snapshot(0, { a: late(3, 20) });
    expect(rateOf(snapshot(2_000, { a: late(5, 30) }), before, tooLate)).toBe(6);
  });
});

describe('shards', () => {
  it('combine the metrics of one shard, times in ms', () => {
    const text = [
      'kinesis_behind_latest_seconds{shard_id="s-1"} 2',
      'aggregator_watermark_timestamp_seconds{shard_id="s-1"} 17',
      'aggregator_open_windows{shard_id="s-1"} 3',
    ].join('\n');
    expect(summarise(snapshot(0, { a: text }), undefined).shards).toMatchObject([
      {
        shardId: 's-1',
        behindLatestSeconds: 2,
        watermarkMs: 17_000,
        openWindows: 3,
        openRows: null,
      },
    ]);
  });
});
