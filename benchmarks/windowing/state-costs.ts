import { decodeRecord } from '@highwater/model';
import { silentLogger } from '@highwater/testkit';
import {
  defaultViewsFile,
  parseViews,
  restoreOperator,
  snapshotOperator,
  WindowOperator,
} from '@highwater/windowing';
import { Registry } from 'prom-client';
import { AggregatorProcessor } from '../../apps/aggregator/src/aggregator-processor.ts';
import { defineAggregatorMetrics } from '../../apps/aggregator/src/metrics.ts';
import { fleetRecords, seriesCount, toRecords } from './fleet-records.ts';
import { cpuSeconds, median, timeAndBlock } from './measure.ts';

const startSeconds = 1_700_000_100;
const runsCount = 5;
const rowsCount = 200_000;
const views = parseViews(defaultViewsFile);
const settings = { views, source: 'shard', outOfOrdernessMs: 3_600_000, maxFutureSkewMs: 900_000 };

/** A view with four aggregates. */
export const fourAggregates = parseViews({
  views: [
    { name: 'four', window: { tumbling: '5m' }, aggregates: ['avg', 'max', 'first', 'last'] },
  ],
});

/** Bytes of typed arrays for each open row, of the default view or of others; arrays grow to twice as much. */
export function bytesPerRow(ofViews = views): number {
  const points = fleetRecords(startSeconds).map((text) => {
    const [decoded] = decodeRecord(Buffer.from(text));
    if (!decoded?.ok) throw new Error('every record is a point');
    return decoded.point;
  });
  const operator = new WindowOperator({ ...settings, views: ofViews });
  const origin = { sequenceNumber: '1', arrivalTimeMs: startSeconds * 1000 };
  for (const point of points) operator.add(point, origin);
  const slices = operator.views.flatMap((view) => view.slices);
  const bytes = slices.reduce((sum, slice) => {
    const { cells, seriesIds } = slice.arrays();
    // The index from series to rows has one more number of four bytes.
    return sum + cells.byteLength + seriesIds.byteLength + 4 * seriesIds.length;
  }, 0);
  return bytes / operator.openRows;
}

/** Milliseconds to close a window of the whole fleet and encode it, and the longest block. */
export async function windowClose(): Promise<{ totalMs: number; blockMs: number }> {
  const runs = [];
  for (let run = 0; run < runsCount; run++) {
    const processor = newProcessor();
    const inWindow = toRecords(fleetRecords(startSeconds), startSeconds);
    const after = startSeconds + 600;
    const [closing] = toRecords(fleetRecords(after).slice(0, 1), after);
    if (!closing) throw new Error('the fleet has records');
    const batch = { stream: 'raw', shardId: 'shard', behindLatestMs: 0 };
    await processor.process({ ...batch, records: inWindow });
    const closed = () => processor.process({ ...batch, records: [closing] });
    runs.push(await timeAndBlock(closed));
  }
  return {
    totalMs: median(runs.map(({ totalMs }) => totalMs)),
    blockMs: median(runs.map(({ blockMs }) => blockMs)),
  };
}

function newProcessor(): AggregatorProcessor {
  return new AggregatorProcessor({
    shardId: 'shard',
    views,
    outOfOrdernessMs: 3_000,
    maxFutureSkewMs: 900_000,
    seriesMax: 1_000_000,
    windowsMax: 100_000,
    rowsMax: 100_000_000,
    // As a reply from the network does, this comes with a later turn of the loop.
    putResults: () => new Promise((resolve) => setImmediate(resolve)),
    deadLetters: { put: async () => undefined },
    metrics: defineAggregatorMetrics(new Registry()),
    log: silentLogger,
  });
}

/** Milliseconds to write and to read the state of 200,000 open rows. */
export function snapshotTimes(): { snapshotMs: number; restoreMs: number; bytes: number } {
  const operator = new WindowOperator(settings);
  const points = fleetRecords(startSeconds).flatMap((text) => {
    const [decoded] = decodeRecord(Buffer.from(text));
    return decoded?.ok ? [decoded.point] : [];
  });
  for (let row = 0; row < rowsCount; row++) {
    const point = points[row % seriesCount];
    if (!point) throw new Error('the fleet has points');
    const timeMs = point.timeMs + Math.floor(row / seriesCount) * 300_000;
    operator.add({ ...point, timeMs }, { sequenceNumber: '1', arrivalTimeMs: timeMs });
    operator.endRecord();
  }
  const snapshots: number[] = [];
  const restores: number[] = [];
  let bytes = 0;
  for (let run = 0; run < runsCount; run++) {
    let snapshot: Uint8Array = new Uint8Array();
    snapshots.push(1000 * cpuSeconds(() => (snapshot = snapshotOperator(operator))));
    restores.push(1000 * cpuSeconds(() => restoreOperator(snapshot, settings)));
    bytes = snapshot.length;
  }
  return { snapshotMs: median(snapshots), restoreMs: median(restores), bytes };
}
