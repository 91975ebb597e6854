import type { DimensionFilters, TimeRange } from '@highwater/model';
import { instant, literal, literals } from '../sql-text.ts';
import type { TableLayout } from '../table-layout.ts';

/** Rows whose time is in the range, both ends included. */
export function timeBetween({ fromMs, toMs }: TimeRange): string {
  return `time >= ${instant(fromMs)} AND time <= ${instant(toMs)}`;
}

/** A value of a dimension; empty where the series has none. */
export function dimensionValue(dimension: string): string {
  return `dimensions[${literal(dimension)}]`;
}

/** Terms that a series meets when it has one of the values of every dimension that is named. */
export function filterTerms(filters: DimensionFilters): readonly string[] {
  return Object.entries(filters)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${dimensionValue(name)} IN ${literals(values)}`);
}

/** The term that rows meet whose series meets the terms; none when every series does. */
export function ofSeries(
  { series }: TableLayout,
  measures: readonly string[],
  terms: readonly string[],
): readonly string[] {
  if (terms.length === 0) return [];
  const all = [...measureTerms(measures), ...terms].join(' AND ');
  return [`series_id IN (SELECT series_id FROM ${series} WHERE ${all})`];
}

/** The term that rows and series of these measures meet; none for all measures. */
export function measureTerms(measures: readonly string[]): readonly string[] {
  return measures.length === 0 ? [] : [`measure_name IN ${literals(measures)}`];
}

/**
 * Rows, or groups of rows of a series, each with a value of its series as `group`. A series may be
 * registered more than once.
 */
export function withGroup(
  { series }: TableLayout,
  rows: string,
  { measures, by }: { readonly measures: readonly string[]; readonly by: string | undefined },
): string {
  if (by === undefined) return `SELECT *, '' AS group FROM (${rows})`;
  const where = measures.length === 0 ? '' : `WHERE ${measureTerms(measures).join('')}`;
  return `SELECT * FROM (${rows}) AS r ANY LEFT JOIN
    (SELECT series_id, ${dimensionValue(by)} AS group FROM ${series} ${where}) AS s USING (series_id)`;
}
