import type { PointGroup, PointsReply, PointsRequest } from '../contract.ts';
import type { QueryPort } from '../store/query-port.ts';
import { filterTerms, identifier, literal, parseTimeMs, timeBetween } from '../store/sql-text.ts';
import type { Tables } from '../store/tables.ts';
import { binWidthMs, intervalText } from './bin-width.ts';
import { valueExpression } from './value-expression.ts';

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

interface Reading {
  readonly table: string;
  readonly value: string;
  readonly terms: readonly string[];
  readonly by: string | undefined;
  readonly rowsMax: number;
}

/**
 * The points of a measure for a chart of some width: individually while they are few, otherwise the
 * minimum, the maximum, and the mean of every bin, so that no spike is lost.
 */
export async function readPoints(
  { port, tables }: { readonly port: QueryPort; readonly tables: Tables },
  request: PointsRequest,
  signal: AbortSignal,
): Promise<PointsReply> {
  const columns = await tables.columns(tables.rows, signal);
  const value = columns && valueExpression(columns);
  if (!columns || value === undefined) return nothing;
  const by = columns.dimensions.find((name) => name === request.by);
  const terms = [
    `measure_name = ${literal(request.measure)}`,
    timeBetween(request),
    ...filterTerms(request.filters),
  ];
  const top =
    by === undefined
      ? undefined
      : await readTopGroups(port, { table: tables.rows, terms, by }, signal);
  if (by !== undefined && top)
    terms.push(`${identifier(by)} IN (${top.names.map(literal).join(', ')})`);
  if (top && top.names.length === 0) return nothing;

  const { pixels, fromMs, toMs } = request;
  const binMs = binWidthMs(toMs - fromMs, pixels);
  const rowsMax = (pixels + 2) * (top?.names.length ?? 1);
  const reading = { table: tables.rows, value, terms, by, rowsMax };
  const binned = await readBins(port, reading, binMs, signal);
  const rest = { moreGroups: top?.isMore ?? false };
  if (binned.pointsCount > pixels * pointsPerPixelMax) return { ...binned, ...rest, binMs };
  const exact = await readEach(
    port,
    { ...reading, rowsMax: pixels * pointsPerPixelMax + 1 },
    signal,
  );
  return { ...exact, ...rest, binMs: 0, elapsedMs: binned.elapsedMs + exact.elapsedMs };
}

async function readTopGroups(
  port: QueryPort,
  { table, terms, by }: { table: string; terms: readonly string[]; by: string },
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly isMore: boolean }> {
  const name = identifier(by);
  const { rows } = await port.query(
    `SELECT ${name}, COUNT(*) AS points FROM ${table} WHERE ${terms.join(' AND ')}` +
      ` AND ${name} IS NOT NULL GROUP BY ${name} ORDER BY points DESC, ${name} LIMIT ${groupsMax + 1}`,
    { rowsMax: groupsMax + 1, signal },
  );
  const names = rows.map(([group]) => group ?? '');
  return { names: names.slice(0, groupsMax).toSorted(), isMore: names.length > groupsMax };
}

type PointsOfGroups = Pick<PointsReply, 'groups' | 'pointsCount' | 'elapsedMs'>;

async function readBins(
  port: QueryPort,
  { table, value, terms, by, rowsMax }: Reading,
  binMs: number,
  signal: AbortSignal,
): Promise<PointsOfGroups> {
  const bin = `bin(time, ${intervalText(binMs)})`;
  const group = by === undefined ? '' : `, ${identifier(by)}`;
  const { rows, elapsedMs } = await port.query(
    `SELECT ${bin} AS t, COUNT(*) AS points, MIN(${value}) AS least, MAX(${value}) AS greatest, AVG(${value}) AS mean${group}` +
      ` FROM ${table} WHERE ${terms.join(' AND ')} GROUP BY ${bin}${group} ORDER BY t`,
    { rowsMax, signal },
  );
  const groups = new GroupBuilder();
  for (const [time, points, least, greatest, mean, name] of rows) {
    if (!time || least === null) continue;
    // The time of a bin is its middle.
    const timeMs = parseTimeMs(time) + binMs / 2;
    groups.add(name ?? '', timeMs, [Number(least), Number(greatest), Number(mean)], Number(points));
  }
  return { ...groups.finish(), elapsedMs };
}

async function readEach(
  port: QueryPort,
  { table, value, terms, by, rowsMax }: Reading,
  signal: AbortSignal,
): Promise<PointsOfGroups> {
  const group = by === undefined ? '' : `, ${identifier(by)}`;
  const { rows, elapsedMs } = await port.query(
    `SELECT time, ${value} AS value${group} FROM ${table} WHERE ${terms.join(' AND ')} ORDER BY time`,
    { rowsMax, signal },
  );
  const groups = new GroupBuilder();
  for (const [time, each, name] of rows) {
    if (!time || each === null) continue;
    const number = Number(each);
    groups.add(name ?? '', parseTimeMs(time), [number, number, number], 1);
  }
  return { ...groups.finish(), elapsedMs };
}

/** Collects rows into columns, group by group. */
class GroupBuilder {
  readonly #groups = new Map<string, GrowingGroup>();

  add(
    name: string,
    timeMs: number,
    [least = NaN, greatest = NaN, mean = NaN]: readonly number[],
    pointsCount: number,
  ): void {
    // Values that are not finite cannot be drawn, and cannot be represented in JSON.
    if (![least, greatest, mean].every(Number.isFinite)) return;
    let group = this.#groups.get(name);
    if (!group) {
      group = { name, timesMs: [], mins: [], maxs: [], means: [], pointsCount: 0 };
      this.#groups.set(name, group);
    }
    group.timesMs.push(timeMs);
    group.mins.push(least);
    group.maxs.push(greatest);
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
