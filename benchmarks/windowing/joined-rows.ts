import {
  decodeRecord,
  decodeResultsRecord,
  encodeResultsLine,
  encodeResultsRecord,
} from '@highwater/model';
import { defaultViewsFile, OpenRows, parseViews, WindowOperator } from '@highwater/windowing';
import { fleetRecords } from './fleet-records.ts';
import { cpuSeconds, heapBytes } from './measure.ts';

const startSeconds = 1_700_000_100;
const rowsCount = 200_000;
const windowsCount = 10;

/**
 * What the upsert writer's rows cost: heap bytes for an open row whose partials came over the stream,
 * one from each raw shard, and partials read and joined in a second of processor time.
 */
export function joinedRows(shardsCount = 1): {
  readonly bytesPerRow: number;
  readonly partialsPerSecond: number;
} {
  const records = Array.from({ length: shardsCount }, (_, shard) => [
    ...partialRecords(shard),
  ]).flat();
  const [view] = parseViews(defaultViewsFile);
  if (!view) throw new Error('the default file has a view');
  const rows = new OpenRows();
  const before = heapBytes();
  const seconds = cpuSeconds(() => {
    for (const record of records) {
      for (const decoded of decodeResultsRecord(record)) {
        if (!decoded.ok || decoded.line.kind !== 'partial') throw new Error('all are partials');
        rows.join(view, decoded.line.partial);
      }
    }
  });
  return {
    bytesPerRow: (heapBytes() - before) / rows.rowsCount,
    partialsPerSecond: (shardsCount * rows.rowsCount) / seconds,
  };
}

/** Records of the results stream as the aggregator packs them. */
function* partialRecords(shard: number): Generator<Uint8Array> {
  const points = fleetRecords(startSeconds)
    .slice(0, rowsCount / windowsCount)
    .map((text) => {
      const [decoded] = decodeRecord(Buffer.from(text));
      if (!decoded?.ok) throw new Error('every record is a point');
      return decoded.point;
    });
  const views = parseViews(defaultViewsFile);
  const settings = { views, source: `shardId-00000000000${shard}`, maxFutureSkewMs: 900_000 };
  const operator = new WindowOperator({ ...settings, outOfOrdernessMs: 86_400_000 });
  for (let window = 0; window < windowsCount; window++) {
    for (const point of points) {
      const timeMs = point.timeMs + window * 300_000;
      operator.add({ ...point, timeMs }, { sequenceNumber: '1', arrivalTimeMs: timeMs });
    }
  }
  let lines: string[] = [];
  for (const partial of operator.fire('shard_end', Number.POSITIVE_INFINITY)) {
    lines.push(encodeResultsLine({ kind: 'partial', partial }));
    if (lines.length < 40) continue;
    yield encodeResultsRecord(lines);
    lines = [];
  }
  yield encodeResultsRecord(lines);
}
