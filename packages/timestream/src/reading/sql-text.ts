import type { DimensionFilters, TimeRange } from '@highwater/model';

/** A value as a string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A name as a quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An instant as an expression. */
export function instant(timeMs: number): string {
  return `from_milliseconds(${Math.round(timeMs)})`;
}

/** Rows whose time is in the range, both ends included. */
export function timeBetween({ fromMs, toMs }: TimeRange): string {
  return `time BETWEEN ${instant(fromMs)} AND ${instant(toMs)}`;
}

/**
 * A window's bound in the format of view rows: `yyyy-MM-dd HH:mm:ss.SSS` in UTC, which sorts as
 * text.
 */
export function windowBound(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}

/** The time of a window's bound or a result's timestamp, in ms. */
export function parseTimeMs(text: string): number {
  return Date.parse(`${text.slice(0, 23).replace(' ', 'T')}Z`);
}

/** The rows that have, for every dimension named, one of its values. */
export function filterTerms(filters: DimensionFilters): readonly string[] {
  return Object.entries(filters)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${identifier(name)} IN (${values.map(literal).join(', ')})`);
}

/** The measures that are named; all of them, when none is. */
export function measureTerms(measures: readonly string[]): readonly string[] {
  return measures.length > 0 ? [`measure_name IN (${measures.map(literal).join(', ')})`] : [];
}

const units = [
  [24 * 3_600_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
] as const;

/** A duration as the store's SQL writes it. */
export function intervalText(durationMs: number): string {
  for (const [unitMs, unit] of units) {
    if (durationMs % unitMs === 0) return `${durationMs / unitMs}${unit}`;
  }
  return `${durationMs}ms`;
}
