import { decodeRecord, type Dimension, type StreamRecord } from '@highwater/model';

/** The one view that is computed, in simple terms. */
export interface ReferenceView {
  readonly sizeMs: number;
  readonly allowedLatenessMs: number;
  readonly outOfOrdernessMs: number;
}

/** A shard of the raw stream and everything that was put there. */
export interface ReferenceShard {
  readonly shardId: string;
  readonly parentShardIds: readonly string[];
  readonly records: readonly StreamRecord[];
}

/**
 * The final content of the store, computed from the content of the raw shards: every accepted
 * numeric point averaged by series and window. Independent of the code under test, with plain maps,
 * and exact sums over integers.
 *
 * @returns `series|window end` -> average and number of points
 */
export function referenceRows(
  shards: readonly ReferenceShard[],
  view: ReferenceView,
): ReadonlyMap<string, ReferenceRow> {
  const totals = new Map<string, { scaledSum: bigint; count: number }>();
  // Parents come before their children. A child starts at the lowest of its parents' watermarks.
  const newestByShard = new Map<string, number>();
  for (const { shardId, parentShardIds, records } of shards) {
    const inherited = parentShardIds.map((id) => newestByShard.get(id) ?? Number.NEGATIVE_INFINITY);
    let newestMs = inherited.length > 0 ? Math.min(...inherited) : Number.NEGATIVE_INFINITY;
    for (const record of records) {
      // All points of a record are judged by the watermark before it.
      const watermarkMs = newestMs - view.outOfOrdernessMs - 1;
      for (const decoded of decodeRecord(record.data)) {
        if (!decoded.ok) continue;
        const { point } = decoded;
        const { measureValueType: type } = point.series;
        const endMs = (Math.floor(point.timeMs / view.sizeMs) + 1) * view.sizeMs;
        newestMs = Math.max(newestMs, Math.min(point.timeMs, record.arrivalTimeMs));
        if (type !== 'DOUBLE' && type !== 'BIGINT') continue;
        if (endMs - 1 + view.allowedLatenessMs <= watermarkMs) continue;
        const key = rowKey(point.series.measureName, point.series.dimensions, endMs);
        const total = totals.get(key) ?? { scaledSum: 0n, count: 0 };
        const scaledSum = total.scaledSum + BigInt(Number(point.value) * scale);
        totals.set(key, { scaledSum, count: total.count + 1 });
      }
    }
    newestByShard.set(shardId, newestMs);
  }
  const rows = [...totals].map(([key, { scaledSum, count }]): [string, ReferenceRow] => [
    key,
    { average: String(Number(scaledSum) / scale / count), count },
  ]);
  return new Map(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A power of two: scaling by it is exact, and makes a whole number of every reading. */
const scale = 2 ** 200;

/** A row as it must be: the average as the store has it, and the points in it. */
export interface ReferenceRow {
  readonly average: string;
  readonly count: number;
}

/** Names a row in the comparison. */
export function rowKey(
  measureName: string,
  dimensions: readonly Dimension[],
  endMs: number,
): string {
  const named = dimensions
    .map(({ name, value }) => `${name}=${value}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
  return [measureName, ...named, endMs].join('|');
}
