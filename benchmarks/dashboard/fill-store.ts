import { loadConfig, systemClock } from '@highwater/service';
import { defineStoreMetrics, openTimestreamStore, timestreamConfig } from '@highwater/timestream';
import { Registry } from 'prom-client';
import type { Dimension, Row } from '@highwater/model';
import { buildFleet, originalSeed } from '../../apps/generator/src/fleet.ts';
import { hostMeasures, processMeasures } from '../../apps/generator/src/measures.ts';

const nothing = () => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

const batchRows = 5_000;

/** Puts rows in the store, past the pipeline. */
export async function fillStore(endpoint: string, rows: Iterable<Row>): Promise<number> {
  const { signal } = new AbortController();
  await using store = await openTimestreamStore(
    loadConfig(timestreamConfig, { AWS_ENDPOINT_URL_TIMESTREAM_WRITE: endpoint }),
    { clock: systemClock, log: silent, metrics: defineStoreMetrics(new Registry()), signal },
  );
  let count = 0;
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    count += 1;
    if (batch.length < batchRows) continue;
    await store.write(batch, signal);
    batch = [];
  }
  await store.write(batch, signal);
  return count;
}

/** One measure of twenty hosts, evenly over a span. */
export function* swell(span: { fromMs: number; toMs: number }, pointsCount: number): Iterable<Row> {
  const hostsCount = 20;
  const stepMs = (span.toMs - span.fromMs) / (pointsCount / hostsCount);
  for (let index = 0; index < pointsCount; index++) {
    const timeMs = span.fromMs + Math.floor(index / hostsCount) * stepMs;
    const dimensions = [{ name: 'instance_name', value: `host-${index % hostsCount}` }];
    const value = Math.sin(index / 9_000) * 10 + (index % 97) / 50;
    yield point({ measureName: 'swell', dimensions, value, timeMs });
  }
}

/** A point of every series of the seed's fleet at host-scale 3, numbers only: 74,400 of the 78,000. */
export function* wholeFleet(timeMs: number): Iterable<Row> {
  const { hosts, processes } = buildFleet(3, originalSeed);
  const sources = [
    { all: hosts, measures: hostMeasures },
    { all: processes, measures: processMeasures },
  ];
  for (const { all, measures } of sources) {
    for (const [index, { dimensions }] of all.entries()) {
      for (const { name } of measures) {
        yield point({ measureName: name, dimensions, value: index % 100, timeMs });
      }
    }
  }
}

function point(of: {
  readonly measureName: string;
  readonly dimensions: readonly Dimension[];
  readonly value: number;
  readonly timeMs: number;
}): Row {
  return {
    measureName: of.measureName,
    measureValueType: 'DOUBLE',
    measureValue: String(of.value),
    dimensions: of.dimensions,
    time: String(Math.round(of.timeMs)),
    timeUnit: 'MILLISECONDS',
    version: 1,
  };
}
