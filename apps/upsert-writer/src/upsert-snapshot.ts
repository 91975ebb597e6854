import { seriesKey, type Series } from '@highwater/model';
import {
  cleanupTimeMs,
  newViewRow,
  type OpenRows,
  type SourcePartial,
  type View,
  type ViewRow,
} from '@highwater/windowing';
import { UpsertSnapshotError } from './errors.ts';
import type { Sources } from './sources.ts';

const format = 1;

/** Numbers of one partial: source, contributions, late, newest arrival, then the accumulator. */
type SavedPartial = readonly [number, number, number, number, ...(number | null)[]];
type SavedRow = readonly [
  series: number,
  writtenVersion: number,
  isHeldBack: 0 | 1,
  partials: readonly SavedPartial[],
];

/** The snapshot as JSON: every series and source once, rows as numbers that point to them. */
interface Saved {
  readonly format: number;
  readonly forgottenToMs: number | null;
  readonly sources: ReturnType<Sources['save']>;
  readonly sourceNames: readonly string[];
  readonly series: readonly Series[];
  readonly windows: readonly {
    readonly view: string;
    readonly revision: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly rows: readonly SavedRow[];
  }[];
}

/** The writer's whole state for one shard. */
export function saveState(rows: OpenRows, sources: Sources): Uint8Array {
  const series = new Interner<Series>();
  const sourceNames = new Interner<string>();
  const windows = [...rows.windows].map(({ view, window, rows: inWindow }) => ({
    view: view.name,
    revision: view.revision,
    startMs: window.startMs,
    endMs: window.endMs,
    rows: [...inWindow].map(([key, row]): SavedRow => [
      series.index(key, row.series),
      row.writtenVersion,
      row.isHeldBack ? 1 : 0,
      [...row.partials].map(([source, partial]): SavedPartial => [
        sourceNames.index(source, source),
        partial.contributions,
        partial.lateContributions,
        partial.newestArrivalTimeMs,
        ...partial.accumulator,
      ]),
    ]),
  }));
  const saved: Saved = {
    format,
    forgottenToMs: Number.isFinite(rows.forgottenToMs) ? rows.forgottenToMs : null,
    sources: sources.save(),
    sourceNames: sourceNames.values,
    series: series.values,
    windows,
  };
  return new TextEncoder().encode(JSON.stringify(saved));
}

/**
 * Joins a saved state into rows and sources: a shard's own, or those of its parents, in any order.
 *
 * @returns rows of views that are not configured any more: they were let go
 * @throws {UpsertSnapshotError} when the bytes are not a snapshot of this format
 */
export function joinState(
  snapshot: Uint8Array,
  views: readonly View[],
  rows: OpenRows,
  sources: Sources,
): { readonly droppedRows: number } {
  const saved = parse(snapshot);
  sources.join(saved.sources);
  let droppedRows = 0;
  for (const { view: name, revision, rows: savedRows, ...window } of saved.windows) {
    const view = views.find((each) => each.name === name && each.revision === revision);
    if (!view) {
      droppedRows += savedRows.length;
      continue;
    }
    const cleanupMs = cleanupTimeMs(window, view.allowedLatenessMs);
    const place = { view, window, cleanupMs };
    for (const savedRow of savedRows) {
      const row = readRow(savedRow, saved);
      const key = seriesKey(row.series);
      rows.insert(place, key, joinRows(rows.find(place, key), row));
    }
  }
  rows.raiseForgottenTo(saved.forgottenToMs ?? Number.NEGATIVE_INFINITY);
  return { droppedRows };
}

function readRow(
  [seriesIndex, writtenVersion, isHeldBack, partials]: SavedRow,
  saved: Saved,
): ViewRow {
  const series = saved.series[seriesIndex];
  if (!series) throw new UpsertSnapshotError('a row names a series that is not in it');
  const row = newViewRow(series, 'complete');
  row.writtenVersion = writtenVersion;
  row.isHeldBack = isHeldBack === 1;
  for (const [
    sourceIndex,
    contributions,
    lateContributions,
    newestArrivalTimeMs,
    ...cells
  ] of partials) {
    const source = saved.sourceNames[sourceIndex];
    if (source === undefined)
      throw new UpsertSnapshotError('a partial names a source that is not in it');
    const accumulator = cells.map((cell) => cell ?? Number.NaN);
    row.partials.set(source, {
      accumulator,
      contributions,
      lateContributions,
      newestArrivalTimeMs,
    });
  }
  return row;
}

/** Of each source the partial with the most contributions, as when partials are joined. */
function joinRows(known: ViewRow | undefined, row: ViewRow): ViewRow {
  if (!known) return row;
  for (const [source, partial] of row.partials) {
    const before: SourcePartial | undefined = known.partials.get(source);
    if (!before || before.contributions < partial.contributions)
      known.partials.set(source, partial);
  }
  known.writtenVersion = Math.max(known.writtenVersion, row.writtenVersion);
  known.isHeldBack &&= row.isHeldBack;
  return known;
}

function parse(snapshot: Uint8Array): Saved {
  let saved: Saved;
  try {
    saved = JSON.parse(new TextDecoder().decode(snapshot)) as Saved;
  } catch (cause) {
    throw new UpsertSnapshotError('it is not JSON', { cause });
  }
  if (saved.format !== format) {
    throw new UpsertSnapshotError(`its format is ${saved.format}, this version reads ${format}`);
  }
  return saved;
}

/** Gives values numbers, each once. */
class Interner<Value> {
  readonly values: Value[] = [];
  readonly #indexes = new Map<string, number>();

  index(key: string, value: Value): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
