import assert from 'node:assert/strict';
import {
  rowContributionsMax,
  sortDimensions,
  upsertVersion,
  type Row,
  type RowKind,
  type Series,
  type WindowPartial,
} from '@highwater/model';
import type { Aggregate } from '../accumulators/aggregate.ts';
import type { AggregateResult } from '../accumulators/aggregate-result.ts';
import type { FillMethod } from '../views/fill-schema.ts';
import type { TimeWindow } from '../time-window.ts';
import type { View } from '../views/view.ts';
import type { PlacedRow } from './open-rows.ts';

/** Aggregates whose results are whole numbers. */
const wholeAggregates: ReadonlySet<Aggregate> = new Set(['count', 'distinct']);

/** The rows that some partials of one view row make together. */
export interface FoldedRow {
  readonly contributions: number;
  readonly version: number;
  /** One a result; a result that is not a finite number has none. */
  readonly rows: readonly Row[];
  /** By aggregate, as the view lists them; undefined where the row has no finite value. */
  readonly values: readonly AggregateResult[];
  /** Aggregates whose result left the range of doubles, or their list of points its bound. */
  readonly notFinite: readonly string[];
  /** Whether a sum of BIGINTs has left 64 bits: then its row is a DOUBLE, and rounded. */
  readonly isSumRounded: boolean;
}

/** The identity of a view row. */
export interface ViewRowIdentity {
  readonly view: View;
  readonly series: Series;
  readonly window: TimeWindow;
}

/**
 * Folds the partials of one view row, one a source shard, into the rows that the store gets: one for
 * each aggregate, with the window's bounds as dimensions.
 *
 * @param partials at least one; in the order of their sources, so that rounding cannot depend on the
 *   order of arrival
 */
export function foldRow(
  { view, series, window }: ViewRowIdentity,
  partials: readonly Pick<WindowPartial, 'accumulator' | 'contributions'>[],
  kind: RowKind,
): FoldedRow {
  assert(partials.length > 0, 'a view row has at least one partial');
  const accumulator = view.layout.create();
  for (const partial of partials) view.layout.merge(accumulator, partial.accumulator);
  const contributions = contributionsOf(partials);
  const version = versionWith(view, contributions, kind);
  const results = view.layout.results(accumulator, contributions, window);
  const isNotFinite = (value: AggregateResult) =>
    typeof value === 'number' && !Number.isFinite(value);
  const notFinite = view.aggregates.filter((_, index) => isNotFinite(results[index]));
  // An aggregate that has no value, as the variance of one point, has no row (rule R18).
  const values = results.map((value) => (isNotFinite(value) ? undefined : value));
  const rows = storedRows({ view, series, window }, values, version, 'none');
  const sum = results[view.aggregates.indexOf('sum')];
  const isSumRounded = Number.isFinite(sum) && view.layout.isWhole(accumulator);
  return { contributions, version, rows, values, notFinite, isSumRounded };
}

/**
 * The rows that result from values, one for each aggregate that has a value.
 *
 * @param interpolated the method of interpolation, or `none` for values of points; stored if the view
 *   fills gaps
 */
export function storedRows(
  { view, series, window }: ViewRowIdentity,
  values: readonly AggregateResult[],
  version: number,
  interpolated: FillMethod | 'none',
): readonly Row[] {
  const dimensions = sortDimensions([
    ...series.dimensions,
    { name: 'window_start', value: windowBound(window.startMs) },
    { name: 'window_end', value: windowBound(window.endMs) },
  ]);
  return view.aggregates.flatMap((aggregate, index): Row[] => {
    const value = values[index];
    if (value === undefined) return [];
    // Filled values lie between whole numbers, and all rows of a measure have one type.
    const isWhole = (wholeAggregates.has(aggregate) || typeof value === 'bigint') && !view.fill;
    return [
      {
        measureName: view.measureName(aggregate, series.measureName),
        measureValueType: isWhole ? 'BIGINT' : 'DOUBLE',
        measureValue: String(value),
        dimensions,
        time: String(view.rowTimeMs(window)),
        timeUnit: 'MILLISECONDS',
        version,
        ...(view.fill
          ? { attributes: [{ name: 'interpolated', type: 'VARCHAR', value: interpolated }] }
          : {}),
      },
    ];
  });
}

/** The current version of an open row, without folding it. */
export function versionOf({ place: { view }, row: { partials, kind } }: PlacedRow): number {
  return versionWith(view, contributionsOf(partials), kind);
}

function versionWith({ revision }: View, contributions: number, kind: RowKind): number {
  return upsertVersion({
    viewRevision: revision,
    // Such numbers of sources and points do not exist, but may be claimed.
    contributions: Math.min(contributions, rowContributionsMax),
    kind,
  });
}

function contributionsOf(partials: readonly Pick<WindowPartial, 'contributions'>[]): number {
  let sum = 0;
  for (const { contributions } of partials) sum += contributions;
  return sum;
}

/** The rows that result from an open row in its current state. */
export function foldPlaced({ place: { view, window }, row }: PlacedRow): FoldedRow {
  // In the order of the sources, so that every run rounds alike.
  const partials = row.partials.toSorted((a, b) => (a.source < b.source ? -1 : 1));
  return foldRow({ view, series: row.series, window }, partials, row.kind);
}

/** A window's bound as the seed writes it: `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
function windowBound(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
