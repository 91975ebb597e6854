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

/** Rows whose time is in the range, both ends inclusive. */
export function timeBetween({ fromMs, toMs }: { fromMs: number; toMs: number }): string {
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

/** The rows that have, for every named dimension, one of its values. */
export function filterTerms(
  filters: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return Object.entries(filters)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${identifier(name)} IN (${values.map(literal).join(', ')})`);
}
