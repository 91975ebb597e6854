import {
  bucketPartitionKey,
  decodeRecord,
  encodeResultsLine,
  encodeResultsRecord,
  resultsBucket,
  type Point,
  type Progress,
} from '@highwater/model';
import { silentLogger, SimulatedClock } from '@highwater/testkit';
import { defaultViewsFile, parseViews, WindowOperator } from '@highwater/windowing';
import { Registry } from 'prom-client';
import { defineUpsertWriterMetrics } from '../../apps/upsert-writer/src/metrics.ts';
import { UpsertProcessor } from '../../apps/upsert-writer/src/upsert-processor.ts';
import { fleetRecords } from './fleet-records.ts';
import { cpuSeconds, heapBytes, median } from './measure.ts';

/** Series whose rows an idle source holds open. */
export const idleSeriesCount = 26_000;

const windowMs = 300_000;
const windowsCount = 15;
const startMs = 1_700_000_100_000;
const endMs = startMs + windowsCount * windowMs;
const outOfOrdernessMs = 3_000;
const runsCount = 5;
const [view] = parseViews(defaultViewsFile);
if (!view) throw new Error('the default file has a view');
const views = [view];

/** A line, and where it belongs. */
interface Line {
  readonly bucket: number;
  readonly text: string;
}

/** The cost of the open rows of one shard of upsert-writer. */
export interface HeldRows {
  readonly rowsCount: number;
  readonly heapBytes: number;
  readonly snapshotBytes: number;
  readonly snapshotMs: number;
}

/**
 * Lets a busy source write rows for an hour and a quarter next to an idle one, and measures the
 * open rows.
 *
 * @param holdMs how far behind the clock the idle source promises; undefined for no idle source
 */
export async function heldRows(holdMs: number | undefined): Promise<HeldRows> {
  const points = fleetRecords(startMs / 1000)
    .slice(0, idleSeriesCount)
    .map((text) => {
      const [decoded] = decodeRecord(Buffer.from(text));
      if (!decoded?.ok) throw new Error('every record is a point');
      return decoded.point;
    });
  const registry = new Registry();
  const processor = newProcessor(registry);
  const before = heapBytes();
  for (let window = 0; window < windowsCount; window++) {
    const nowMs = startMs + (window + 1) * windowMs;
    await deliver(processor, partialLines(points, window));
    const markers = [marker('busy', nowMs - outOfOrdernessMs)];
    if (holdMs !== undefined) markers.push(marker('idle', nowMs - outOfOrdernessMs - holdMs));
    await deliver(processor, markers);
  }
  const heap = heapBytes() - before;
  let state: Uint8Array = new Uint8Array();
  const times: number[] = [];
  for (let run = 0; run < runsCount; run++) {
    times.push(1000 * cpuSeconds(() => (state = processor.snapshot().state)));
  }
  await processor.tick(startMs);
  const gauge = await registry.getSingleMetric('upsert_writer_open_rows')?.get();
  return {
    rowsCount: gauge?.values[0]?.value ?? Number.NaN,
    heapBytes: heap,
    snapshotBytes: state.length,
    snapshotMs: median(times),
  };
}

function newProcessor(registry: Registry): UpsertProcessor {
  return new UpsertProcessor({
    shardId: 'results-0',
    stream: 'results',
    views,
    maxFutureSkewMs: 900_000,
    openRowsMax: 1_000_000,
    fillAnchorsMax: 500_000,
    // Takes everything and keeps nothing: the rows of the store are not what is measured.
    store: { write: async (rows) => rows.map(() => ({ status: 'written' })) },
    deadLetters: { put: async () => undefined },
    metrics: defineUpsertWriterMetrics(registry),
    clock: new SimulatedClock(startMs),
    log: silentLogger,
    signal: new AbortController().signal,
  });
}

/** The partials that the aggregator emits for one window, with one point per series. */
function* partialLines(points: readonly Point[], window: number): Generator<Line> {
  const source = { views, source: 'busy', maxFutureSkewMs: 900_000 };
  const operator = new WindowOperator({ ...source, outOfOrdernessMs: 86_400_000 });
  for (const point of points) {
    const timeMs = point.timeMs + window * windowMs;
    operator.add({ ...point, timeMs }, { sequenceNumber: '1', arrivalTimeMs: timeMs });
  }
  for (const partial of operator.fire('shard_end', Number.POSITIVE_INFINITY)) {
    const bucket = resultsBucket(partial.view, partial.series);
    yield { bucket, text: encodeResultsLine({ kind: 'partial', partial }) };
  }
}

function marker(source: string, settledMs: number): Line {
  const progress: Progress = {
    source,
    settledMs,
    isEnded: false,
    children: [],
    peers: [],
    views: [],
  };
  return { bucket: 0, text: encodeResultsLine({ kind: 'progress', progress }) };
}

/** Delivers lines in batches of a thousand. */
async function deliver(processor: UpsertProcessor, lines: Iterable<Line>): Promise<void> {
  const all = [...lines];
  for (let at = 0; at < all.length; at += 1_000) {
    const records = all.slice(at, at + 1_000).map(({ bucket, text }, index) => ({
      sequenceNumber: String(at + index),
      partitionKey: bucketPartitionKey(bucket),
      data: encodeResultsRecord([text]),
      arrivalTimeMs: endMs,
    }));
    await processor.process({
      stream: 'results',
      shardId: 'results-0',
      records,
      behindLatestMs: 0,
    });
  }
}
