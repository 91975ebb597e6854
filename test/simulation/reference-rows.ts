import { decodeRecord, type StreamRecord } from '@highwater/model';

/** The view that simulations compute, told plainly. */
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
 * What the store must hold in the end, from what the raw shards hold: every accepted point averaged
 * by series and window. Written apart from the code under test, with plain maps, and with whole
 * numbers as values so that sums are exact.
 *
 * @returns `series|window end` -> average and number of points
 */
export function referenceRows(
  shards: readonly ReferenceShard[],
  view: ReferenceView,
): ReadonlyMap<string, string> {
  const totals = new Map<string, { sum: number; count: number }>();
  // Parents come before their children; a child goes on from the least of its parents' watermarks.
  const newestByShard = new Map<string, number>();
  for (const { shardId, parentShardIds, records } of shards) {
    const inherited = parentShardIds.map((id) => newestByShard.get(id) ?? Number.NEGATIVE_INFINITY);
    let newestMs = inherited.length > 0 ? Math.min(...inherited) : Number.NEGATIVE_INFINITY;
    for (const record of records) {
      for (const decoded of decodeRecord(record.data)) {
        if (!decoded.ok) continue;
        const { point } = decoded;
        const endMs = (Math.floor(point.timeMs / view.sizeMs) + 1) * view.sizeMs;
        const watermarkMs = newestMs - view.outOfOrdernessMs - 1;
        newestMs = Math.max(newestMs, point.timeMs);
        if (endMs - 1 + view.allowedLatenessMs <= watermarkMs) continue;
        const key = rowKey(point.series.dimensions.map(({ value }) => value).join(), endMs);
        const total = totals.get(key) ?? { sum: 0, count: 0 };
        totals.set(key, { sum: total.sum + Number(point.value), count: total.count + 1 });
      }
    }
    newestByShard.set(shardId, newestMs);
  }
  const rows = [...totals].map(([key, { sum, count }]): [string, string] => [
    key,
    `${sum / count} of ${count}`,
  ]);
  return new Map(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names a row in the comparison. */
export function rowKey(series: string, endMs: number): string {
  return `${series}|${endMs}`;
}
