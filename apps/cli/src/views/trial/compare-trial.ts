import type { Dimension } from '@highwater/model';
import type { TrialRun } from './run-trial.ts';
import { readTimeText, showTime } from './time-text.ts';
import type { ExpectedRow, Trial, TrialFile } from './trial-schema.ts';
import type { StoredRow } from './trial-table.ts';

/** Doubles that a person wrote down agree to about this part of themselves. */
const rounding = 1e-9;

/** Compares what a test came to with what it wants; no lines when they agree. */
export function compareTrial(trial: Trial, file: TrialFile, run: TrialRun): readonly string[] {
  const startMs = readTimeText(file.start, 0);
  const lines: string[] = [];
  for (const [index, { measure, time, outcome }] of trial.points.entries()) {
    const became = run.outcomes.get(index);
    const isSetAside = became?.outcome === 'refused' || became?.outcome === 'future';
    if (outcome === undefined ? !isSetAside : outcome === became?.outcome) continue;
    lines.push(`point ${index + 1}, ${measure} of ${time}:`);
    const detail = became?.detail === undefined ? '' : `: ${became.detail}`;
    lines.push(`  expected  ${outcome ?? 'a point that can be used'}`);
    lines.push(`  got       ${became?.outcome ?? 'a point after the end'}${detail}`);
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
      lines.push(`missing     ${name} = ${row.value}`);
      continue;
    }
    const value = Number(got.row.measureValue);
    const allowed = row.within ?? rounding * Math.max(Math.abs(value), Math.abs(row.value));
    if (Math.abs(value - row.value) <= allowed) continue;
    const within = row.within === undefined ? '' : ` within ${row.within}`;
    lines.push(name, `  expected  ${row.value}${within}`, `  got       ${value}`);
  }
  for (const [name, { row }] of left) lines.push(`unexpected  ${name} = ${row.measureValue}`);
  return lines;
}

function nameExpected({ measure, dimensions, window }: ExpectedRow, startMs: number): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  return nameRow(measure, pairs, readTimeText(window, startMs), startMs);
}

function nameStored({ row, startMs: windowStartMs }: StoredRow, startMs: number): string {
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
