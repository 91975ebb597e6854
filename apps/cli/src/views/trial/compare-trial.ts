import type { Dimension, Row } from '@highwater/model';
import type { TrialRun } from './run-trial.ts';
import { readTimeText, showTime } from './time-text.ts';
import type { ExpectedRow, Trial, TrialFile } from './trial-schema.ts';
import type { StoredRow } from './trial-table.ts';

/** Relative tolerance for doubles that a person wrote down. */
const rounding = 1e-9;

/** Compares the result of a test with its expectation. Returns no lines when they agree. */
export function compareTrial(trial: Trial, file: TrialFile, run: TrialRun): readonly string[] {
  const startMs = readTimeText(file.start, 0);
  const lines: string[] = [];
  for (const [index, { measure, time, outcome }] of trial.points.entries()) {
    const became = run.outcomes.get(index);
    const isSetAside = became?.outcome === 'refused' || became?.outcome === 'future';
    if (outcome === undefined ? !isSetAside : outcome === became?.outcome) continue;
    lines.push(`point ${index + 1}, ${measure} of ${time}:`);
    const detail = became?.detail === undefined ? '' : `: ${became.detail}`;
    lines.push(`  expected  ${outcome ?? 'a valid point'}`);
    lines.push(
      `  got       ${became?.outcome ?? 'not read, because it arrives after the end of the test'}${detail}`,
    );
  }
  for (const [view, expected] of Object.entries(trial.rows)) {
    const stored = run.rows.filter((row) => row.view === view);
    const differences = compareRows(expected, stored, startMs);
    if (differences.length > 0)
      lines.push(`view ${view}:`, ...differences.map((line) => `  ${line}`));
  }
  return lines;
}

function compareRows(
  expected: readonly ExpectedRow[],
  stored: readonly StoredRow[],
  startMs: number,
): readonly string[] {
  const lines: string[] = [];
  const left = new Map(stored.map((row) => [nameStored(row, startMs), row]));
  for (const row of expected) {
    const name = nameExpected(row, startMs);
    const got = left.get(name);
    left.delete(name);
    if (!got) {
      lines.push(`missing     ${name} = ${showExpected(row)}`);
      continue;
    }
    const isSame = isNear(row, Number(got.row.measureValue)) && filledBy(row) === filledBy(got.row);
    if (isSame) continue;
    lines.push(name, `  expected  ${showExpected(row)}`, `  got       ${showStored(got.row)}`);
  }
  for (const [name, { row }] of left) lines.push(`unexpected  ${name} = ${showStored(row)}`);
  return lines;
}

function isNear({ value, within }: ExpectedRow, got: number): boolean {
  const allowed = within ?? rounding * Math.max(Math.abs(value), Math.abs(got));
  return Math.abs(got - value) <= allowed;
}

/** How values of a filled gap were computed; `none` for rows with points. */
function filledBy(row: ExpectedRow | Row): string {
  if (!('attributes' in row)) return ('interpolated' in row && row.interpolated) || 'none';
  return row.attributes?.find(({ name }) => name === 'interpolated')?.value ?? 'none';
}

function showExpected(row: ExpectedRow): string {
  const within = row.within === undefined ? '' : ` within ${row.within}`;
  return `${row.value}${within}${showFilled(row)}`;
}

function showStored(row: Row): string {
  return `${Number(row.measureValue)}${showFilled(row)}`;
}

function showFilled(row: ExpectedRow | Row): string {
  const method = filledBy(row);
  return method === 'none' ? '' : `, interpolated ${method}`;
}

function nameExpected({ measure, dimensions, window }: ExpectedRow, startMs: number): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  return nameRow(measure, pairs, readTimeText(window, startMs), startMs);
}

function nameStored({ row }: StoredRow, startMs: number): string {
  const bound = row.dimensions.find(({ name }) => name === 'window_start')?.value ?? '';
  const windowStartMs = readTimeText(bound, startMs);
  const own = row.dimensions.filter(({ name }) => name !== 'window_start' && name !== 'window_end');
  return nameRow(row.measureName, own, windowStartMs, startMs);
}

function nameRow(
  measure: string,
  dimensions: readonly Dimension[],
  windowStartMs: number,
  startMs: number,
): string {
  const pairs = dimensions.map(({ name, value }) => `${name}=${value}`).toSorted();
  return `${measure} {${pairs.join(', ')}} from ${showTime(windowStartMs, startMs)}`;
}
