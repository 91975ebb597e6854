import { recordBytesMax } from '@highwater/kinesis';
import type { Logger } from '@highwater/model';
import { PointsFileError, PointsOrderError } from './errors.ts';
import { readPoint, type ReadLine } from './file-point.ts';
import { LineReader } from './line-reader.ts';
import type { PointsFile } from './points-file.ts';
import { readLines, type Line } from './read-lines.ts';
import type { Tally } from './tally.ts';
import { TimeRuns } from './time-runs.ts';

/** Space for the partition key, and for a time that became longer by shifting. */
const lineBytesMax = recordBytesMax - 1024;
/** Merged points are returned in groups of this many bytes, so that batches are full. */
const groupBytesMax = 1024 * 1024;
const badLinesLoggedMax = 20;

/** A line that is a point. */
export type PointLine = Extract<ReadLine, { kind: 'point' }>;

/** The points of a file, in the order in which they are sent. */
export interface FilePoints {
  /**
   * The newest time of all points; undefined when the file has none, or when it is unknown before
   * reading.
   */
  readonly newestMs?: number | undefined;
  /** In groups, as they are read. Lines that are not points are skipped, counted, and reported. */
  readonly groups: AsyncIterable<readonly PointLine[]>;
}

interface Options {
  readonly tally: Tally;
  readonly log: Logger;
  /** @default the maximum of `TimeRuns` */
  readonly runsMax?: number | undefined;
}

/**
 * The points of a file in time order, whatever the order of its lines; points of standard input or
 * a pipe in the order of their arrival.
 *
 * @throws {PointsOrderError} before any point is returned, when the file is too far out of time
 * order
 */
export async function readFilePoints(file: PointsFile, options: Options): Promise<FilePoints> {
  const { readAt } = file;
  if (!readAt) return { groups: pointsAsTheyCome(file, options) };
  const runs = await findRuns(file, options);
  const { stepsBack, furthestBehindMs } = runs.disorder;
  if (stepsBack > 0) {
    options.log.info(
      { stepsBack, furthestBehindMs },
      'Sorting the points, because the lines of the file are not ordered by time.',
    );
  }
  const reader = new LineReader(readAt, { lineBytesMax });
  return { newestMs: runs.newestMs, groups: mergeRuns(file, runs, reader) };
}

async function* pointsAsTheyCome(
  file: PointsFile,
  options: Options,
): AsyncGenerator<readonly PointLine[], void, undefined> {
  for await (const lines of readLines(file.open(), lineBytesMax)) {
    yield pointsOf(lines, options).map(({ read }) => read);
  }
}

/** Reads the whole file, and records the positions of its runs. */
async function findRuns(file: PointsFile, options: Options): Promise<TimeRuns> {
  const runs = new TimeRuns(options.runsMax);
  for await (const lines of readLines(file.open(), lineBytesMax)) {
    for (const { read, offset } of pointsOf(lines, options)) {
      if (!runs.add(offset, read.point.timeMs)) {
        throw new PointsOrderError(file.path, runs.disorder);
      }
    }
  }
  runs.seal();
  return runs;
}

/** Merges the runs by time. */
async function* mergeRuns(
  file: PointsFile,
  runs: TimeRuns,
  reader: LineReader,
): AsyncGenerator<readonly PointLine[], void, undefined> {
  let group: PointLine[] = [];
  let groupBytes = 0;
  let known: PlacedPoint | undefined;
  for (let at = runs.earliest(); at; at = runs.earliest()) {
    const here = known?.offset === at.offset ? known : await pointFrom(reader, at.offset, file);
    known = undefined;
    if (runs.pointsLeft(at.run) > 1) {
      known = await pointFrom(reader, here.nextOffset, file);
      runs.advance({ offset: known.offset, timeMs: known.read.point.timeMs });
    } else {
      runs.advance();
    }
    group.push(here.read);
    groupBytes += here.read.bytes.length;
    if (groupBytes < groupBytesMax) continue;
    yield group;
    [group, groupBytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

interface PlacedPoint {
  readonly read: PointLine;
  readonly offset: number;
  readonly nextOffset: number;
}

/** The first point at or after a position. */
async function pointFrom(
  reader: LineReader,
  place: number,
  file: PointsFile,
): Promise<PlacedPoint> {
  for (let offset = place; ;) {
    const line = await reader.lineAt(offset);
    if (!line)
      throw new PointsFileError(file.path, new Error('it changed while it was being read'));
    const read = readPoint(line);
    if (read.kind === 'point') return { read, offset, nextOffset: line.nextOffset };
    offset = line.nextOffset;
  }
}

type BadLine = Omit<Extract<ReadLine, { kind: 'bad' }>, 'kind'> & { readonly line: number };

/** The lines that are points. Other lines are counted and reported. */
function pointsOf(
  lines: readonly Line[],
  { tally, log }: Options,
): readonly { readonly read: PointLine; readonly offset: number }[] {
  const points: { readonly read: PointLine; readonly offset: number }[] = [];
  const bad: BadLine[] = [];
  for (const line of lines) {
    const read = readPoint(line);
    if (read.kind === 'point') points.push({ read, offset: line.offset });
    if (read.kind === 'bad') {
      bad.push({ line: line.number, reason: read.reason, detail: read.detail });
    }
  }
  for (const { reason } of bad) tally.addBadLine(reason);
  if (bad.length > 0) {
    log.warn(
      { badLinesCount: bad.length, badLines: bad.slice(0, badLinesLoggedMax) },
      'Skipped lines that are not points.',
    );
  }
  return points;
}
