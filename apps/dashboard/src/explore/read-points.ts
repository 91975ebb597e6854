import type { MeasureChoice, PointsBin, RowReader, StoredPoint } from '@highwater/model';
import type { PointGroup, PointsReply, PointsRequest } from '../contract.ts';
import { binWidthMs } from './bin-width.ts';

/** Number of lines that a person can distinguish. */
const groupsMax = 8;

/** Maximum points (or pairs of points) per pixel of a chart. */
const pointsPerPixelMax = 2;

const nothing: PointsReply = {
  binMs: 0,
  pointsCount: 0,
  groups: [],
  moreGroups: false,
  elapsedMs: 0,
};

/**
 * The points of a measure for a chart of some width: individually while they are few, otherwise the
 * minimum, the maximum, and the mean of every bin, so that no spike is lost.
 */
export async function readPoints(
  reader: RowReader,
  { pixels, ...choice }: PointsRequest,
  signal: AbortSignal,
): Promise<PointsReply> {
  const top = await readTopGroups(reader, choice, signal);
  if (top?.names.length === 0) return nothing;
  const shown = top ? { ...choice, filters: { ...choice.filters, [top.by]: top.names } } : choice;

  const binMs = binWidthMs(choice.toMs - choice.fromMs, pixels);
  const rowsMax = (pixels + 2) * (top?.names.length ?? 1);
  const binned = await reader.bins(shown, binMs, { rowsMax, signal });
  const rest = { moreGroups: top?.isMore ?? false };
  const pointsCount = binned.items.reduce((sum, bin) => sum + bin.pointsCount, 0);
  const eachMax = pixels * pointsPerPixelMax;
  if (pointsCount > eachMax) {
    return { ...groupsOfBins(binned.items, binMs), ...rest, binMs, elapsedMs: binned.elapsedMs };
  }
  const each = await reader.points(shown, { rowsMax: eachMax + 1, signal });
  const elapsedMs = binned.elapsedMs + each.elapsedMs;
  return { ...groupsOfPoints(each.items), ...rest, binMs: 0, elapsedMs };
}

/** Maximum groups that are compared. */
const comparedMax = 10_000;

/** The values of the colouring dimension with the most points; undefined without one. */
async function readTopGroups(
  reader: RowReader,
  choice: MeasureChoice,
  signal: AbortSignal,
): Promise<{ by: string; names: readonly string[]; isMore: boolean } | undefined> {
  const { by, fromMs, toMs } = choice;
  if (by === undefined || !(await reader.dimensions(signal)).includes(by)) return undefined;
  // So wide that each group has one or two.
  const binMs = toMs - fromMs + 1;
  const { items } = await reader.bins(choice, binMs, { rowsMax: comparedMax, signal });
  const counts = new Map<string, number>();
  for (const { group, pointsCount } of items) {
    if (group !== '') counts.set(group, (counts.get(group) ?? 0) + pointsCount);
  }
  const most = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const names = most.slice(0, groupsMax).map(([name]) => name);
  return { by, names: names.toSorted(), isMore: counts.size > groupsMax };
}

type Groups = Pick<PointsReply, 'groups' | 'pointsCount'>;

function groupsOfBins(bins: readonly PointsBin[], binMs: number): Groups {
  const groups = new GroupBuilder();
  // A bin stands where its middle is.
  for (const { group, startMs, ...bin } of bins) {
    groups.add({ name: group, timeMs: startMs + binMs / 2, ...bin });
  }
  return groups.finish();
}

function groupsOfPoints(points: readonly StoredPoint[]): Groups {
  const groups = new GroupBuilder();
  for (const { group, timeMs, value } of points) {
    groups.add({ name: group, timeMs, min: value, max: value, mean: value, pointsCount: 1 });
  }
  return groups.finish();
}

interface Drawn extends Pick<PointsBin, 'min' | 'max' | 'mean' | 'pointsCount'> {
  readonly name: string;
  readonly timeMs: number;
}

/** Collects rows into columns, group by group. */
class GroupBuilder {
  readonly #groups = new Map<string, GrowingGroup>();

  add({ name, timeMs, min, max, mean, pointsCount }: Drawn): void {
    let group = this.#groups.get(name);
    if (!group) {
      group = { name, timesMs: [], mins: [], maxs: [], means: [], pointsCount: 0 };
      this.#groups.set(name, group);
    }
    group.timesMs.push(timeMs);
    group.mins.push(min);
    group.maxs.push(max);
    group.means.push(mean);
    group.pointsCount += pointsCount;
  }

  finish(): { readonly groups: readonly PointGroup[]; readonly pointsCount: number } {
    const groups = [...this.#groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { groups, pointsCount: groups.reduce((sum, each) => sum + each.pointsCount, 0) };
  }
}

interface GrowingGroup extends PointGroup {
  readonly timesMs: number[];
  readonly mins: number[];
  readonly maxs: number[];
  readonly means: number[];
  pointsCount: number;
}
