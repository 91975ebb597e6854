import { recordBytesMax } from '@highwater/kinesis';
import type { Logger, OutgoingRecord, Point } from '@highwater/model';
import { createDraws, randomPartitionKey } from './draws.ts';
import { partitionKeyOf, readPoint, type ReadLine } from './file-point.ts';
import type { SliceOptions } from './fleet-slices.ts';
import type { PointsFile } from './points-file.ts';
import { readLines, type Line } from './read-lines.ts';
import { shiftTime } from './shift-time.ts';
import { slices } from './slices.ts';
import { withDuplicates } from './with-duplicates.ts';

/** Room for the partition key, and for a time that grew by shifting. */
const lineBytesMax = recordBytesMax - 1024;
const badLinesLoggedMax = 20;

/**
 * The points of a file, each line as it is, or with its time moved.
 *
 * A line that is no point is counted and told by its number, and the others are sent.
 */
export async function* fileSlices(
  file: PointsFile,
  { config, clock, tally, sliceRecordsMax, log }: SliceOptions & { readonly log: Logger },
): AsyncGenerator<readonly OutgoingRecord[], void, undefined> {
  const draws = createDraws(config.HW_GENERATOR_SEED);
  const nowMs = clock.nowMs();
  const isShifted = config.HW_GENERATOR_SHIFT_TIMES;
  let newestMs = isShifted && file.isRereadable ? await findNewestMs(file) : undefined;

  const toRecord = (line: PointLine): OutgoingRecord => {
    newestMs ??= line.point.timeMs;
    const bySeconds = Math.floor((nowMs - newestMs) / 1000);
    return {
      partitionKey: config.HW_GENERATOR_RANDOM_PARTITION_KEYS
        ? randomPartitionKey(draws)
        : partitionKeyOf(line.point),
      data: isShifted ? shiftTime(line.members, line.point, bySeconds) : line.bytes,
    };
  };

  for await (const lines of readLines(file.open(), lineBytesMax)) {
    const bad: BadLine[] = [];
    const records = withDuplicates(
      pointLines(lines, bad).map(toRecord),
      config.HW_GENERATOR_DUPLICATE_PERCENT,
      draws.duplicates,
      () => tally.addDuplicate(),
    );
    yield* slices(records, sliceRecordsMax);
    for (const { reason } of bad) tally.addBadLine(reason);
    if (bad.length > 0) {
      log.warn(
        { badLinesCount: bad.length, badLines: bad.slice(0, badLinesLoggedMax) },
        'Lines of the file are not points.',
      );
    }
  }
}

type PointLine = Extract<ReadLine, { kind: 'point' }>;
type BadLine = Omit<Extract<ReadLine, { kind: 'bad' }>, 'kind'> & { readonly line: number };

function pointLines(lines: readonly Line[], bad: BadLine[]): PointLine[] {
  const points: PointLine[] = [];
  for (const line of lines) {
    const read = readPoint(line);
    if (read.kind === 'point') points.push(read);
    if (read.kind === 'bad') {
      bad.push({ line: line.number, reason: read.reason, detail: read.detail });
    }
  }
  return points;
}

async function findNewestMs(file: PointsFile): Promise<number | undefined> {
  let newest: Point | undefined;
  for await (const lines of readLines(file.open(), lineBytesMax)) {
    for (const { point } of pointLines(lines, [])) {
      if (!newest || point.timeMs > newest.timeMs) newest = point;
    }
  }
  return newest?.timeMs;
}
