import {
  bucketPartitionKey,
  checkSeries,
  isBucketPartitionKey,
  isTooFarAhead,
  pointLimits,
  resultsBucket,
  sourceContributionsMax,
  viewRevisionMax,
  type Progress,
  type Series,
  type StreamRecord,
  type WindowPartial,
} from '@highwater/model';
import type { View } from '@highwater/windowing';

/** How much the clocks of two streams, or of a stream and an aggregator, may differ. */
const clockSlackMs = 900_000;
/** Windows start and end at most a hundred years from their points, and must have valid dates. */
const windowMsMax = 36_525 * 86_400_000;
/** A shard is split in two, or merged into one. */
const childrenMax = 2;
/** As Kinesis names shards. */
const shardIdForm = /^[a-zA-Z0-9_.-]{1,128}$/;

/**
 * Evidence in words that no aggregator has sent a partial of a view; undefined when one may have.
 * See docs/decisions/0017: an impossible partial would be written into rows, or block others.
 *
 * @param record the record with the partial
 */
export function whyNoPartial(
  view: View,
  partial: WindowPartial,
  record: StreamRecord,
  maxFutureSkewMs: number,
): string | undefined {
  const { series, source, contributions, lateContributions } = partial;
  if (!shardIdForm.test(source)) return 'its source is not the name of a shard';
  const bucket = resultsBucket(partial.view, series);
  if (record.partitionKey !== bucketPartitionKey(bucket)) {
    return `its row belongs to bucket ${bucket}, but its record has the partition key of another bucket`;
  }
  if (contributions > sourceContributionsMax) {
    return `it has ${contributions} points, but a shard contributes at most ${sourceContributionsMax} points to a row`;
  }
  if (lateContributions > contributions) return 'it has more late points than points in total';
  return (
    whyNoTime(view, partial, record, maxFutureSkewMs) ??
    whyNoSeries(series) ??
    (view.layout.isPossible(partial.accumulator, { contributions, window: partial })
      ? undefined
      : `the state of its aggregates cannot come from ${contributions} points`)
  );
}

function whyNoTime(
  view: View,
  partial: WindowPartial,
  { arrivalTimeMs }: StreamRecord,
  maxFutureSkewMs: number,
): string | undefined {
  const { startMs, endMs, newestEventTimeMs, newestArrivalTimeMs } = partial;
  const { timeMsMin, timeMsMax } = pointLimits;
  const isDated = startMs >= timeMsMin - windowMsMax && endMs <= timeMsMax + windowMsMax;
  if (!isDated || !view.windows.has(partial)) {
    return `${startMs} to ${endMs} is not a window of view ${view.name}`;
  }
  if (newestEventTimeMs < startMs || newestEventTimeMs >= endMs) {
    return 'its newest point is not in its window';
  }
  if (newestArrivalTimeMs > arrivalTimeMs + clockSlackMs) {
    return 'its newest point arrived after the partial itself';
  }
  if (isTooFarAhead(newestEventTimeMs, newestArrivalTimeMs, maxFutureSkewMs)) {
    return 'the time of its newest point is further ahead of its arrival than HW_MAX_FUTURE_SKEW_MS allows; set the same value for aggregator and upsert-writer';
  }
  return undefined;
}

function whyNoSeries(series: Series): string | undefined {
  const { measureValueType, dimensions } = series;
  if (measureValueType !== 'DOUBLE' && measureValueType !== 'BIGINT')
    return 'its measure is not numeric';
  const isSorted = dimensions.every(
    ({ name }, index) => index === 0 || name > (dimensions[index - 1]?.name ?? ''),
  );
  if (!isSorted) return 'its dimensions are not sorted by name, or a name occurs twice';
  if (dimensions.length > pointLimits.dimensionsMax)
    return 'it has more dimensions than a point can have';
  // A view may group by no dimension.
  const refusal = dimensions.length === 0 ? undefined : checkSeries(series);
  return refusal && `its series is not valid: ${refusal.detail}`;
}

/**
 * Evidence in words that no aggregator has sent a marker; undefined when one may have.
 *
 * @param record the record with the marker
 */
export function whyNoProgress(
  { source, settledMs, isEnded, children, peers, views }: Progress,
  { partitionKey, arrivalTimeMs }: StreamRecord,
  maxFutureSkewMs: number,
): string | undefined {
  const isShard = (name: string) => shardIdForm.test(name);
  if (!isShard(source) || !children.every(isShard) || !peers.every(isShard)) {
    return 'one of its sources is not the name of a shard';
  }
  if (!isBucketPartitionKey(partitionKey))
    return 'its record has a partition key that no bucket has';
  if (settledMs !== null && settledMs > arrivalTimeMs + clockSlackMs) {
    return 'it reports windows in the future as settled';
  }
  if (!isEnded && children.length > 0) return 'its shard has not ended, but has child shards';
  if (isEnded && peers.length > 0)
    return 'its shard has ended, but names other shards that are read with it';
  if (children.length > childrenMax || children.includes(source)) {
    return 'a shard cannot have these child shards';
  }
  if (new Set(views.map(({ view }) => view)).size < views.length)
    return 'it names the same view twice';
  const latestBeginMs = arrivalTimeMs + clockSlackMs + maxFutureSkewMs;
  for (const { view, revision, beginsAtMs } of views) {
    if (revision > viewRevisionMax)
      return `revision ${revision} is above the limit of ${viewRevisionMax}`;
    if (beginsAtMs !== null && beginsAtMs > latestBeginMs) {
      return `it starts view ${view} after the latest possible point`;
    }
  }
  return undefined;
}
