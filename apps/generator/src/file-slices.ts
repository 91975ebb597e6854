import type { Logger, OutgoingRecord } from '@highwater/model';
import { createDraws, randomPartitionKey } from './draws.ts';
import { partitionKeyOf } from './file-point.ts';
import { readFilePoints, type PointLine } from './file-points.ts';
import type { SliceOptions } from './fleet-slices.ts';
import { LateWatch } from './late-watch.ts';
import type { PointsFile } from './points-file.ts';
import { shiftTime } from './shift-time.ts';
import { slices } from './slices.ts';
import { withDuplicates } from './with-duplicates.ts';

/**
 * The points of a file in time order, each line unchanged, or with its time moved.
 *
 * A line that is not a point is counted and reported by its number, and the others are sent.
 * Standard input is sent in the order of arrival, and late points are counted.
 */
export async function* fileSlices(
  file: PointsFile,
  options: SliceOptions & { readonly log: Logger },
): AsyncGenerator<readonly OutgoingRecord[], void, undefined> {
  const { config, clock, tally, sliceRecordsMax, log } = options;
  const draws = createDraws(config.HW_GENERATOR_SEED);
  const isShifted = config.HW_GENERATOR_SHIFT_TIMES;
  const watch = new LateWatch(config.HW_GENERATOR_OUT_OF_ORDERNESS_MS);
  const points = await readFilePoints(file, { tally, log });
  const nowMs = clock.nowMs();
  let { newestMs } = points;

  const toTimed = (line: PointLine): TimedRecord => {
    newestMs ??= line.point.timeMs;
    const bySeconds = isShifted ? Math.floor((nowMs - newestMs) / 1000) : 0;
    const partitionKey = config.HW_GENERATOR_RANDOM_PARTITION_KEYS
      ? randomPartitionKey(draws)
      : partitionKeyOf(line.point);
    const data = isShifted ? shiftTime(line, bySeconds) : line.bytes;
    return { record: { partitionKey, data }, timeMs: line.point.timeMs + bySeconds * 1000 };
  };

  for await (const group of points.groups) {
    const timed = withDuplicates(
      group.map(toTimed),
      config.HW_GENERATOR_DUPLICATE_PERCENT,
      draws.duplicates,
      () => tally.addDuplicate(),
    );
    for (const slice of slices(timed, sliceRecordsMax)) {
      const lateCount = countLate(slice, watch, clock.nowMs());
      if (lateCount > 0 && tally.latePoints === 0) {
        log.warn(
          { furthestBehindMs: watch.furthestBehindMs },
          'Some points are so late that their windows may not include them. Sort the points by time, or send them as a file, which the generator sorts.',
        );
      }
      for (let late = 0; late < lateCount; late++) tally.addLatePoint();
      yield slice.map(({ record }) => record);
    }
  }
}

interface TimedRecord {
  readonly record: OutgoingRecord;
  /** In the form in which it is sent. */
  readonly timeMs: number;
}

function countLate(slice: readonly TimedRecord[], watch: LateWatch, nowMs: number): number {
  return slice.filter(({ timeMs }) => watch.isLate(timeMs, nowMs)).length;
}
