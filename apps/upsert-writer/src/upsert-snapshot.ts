import { seriesKey, type Series } from '@highwater/model';
import {
  assertSameDefinition,
  cleanupTimeMs,
  joinSource,
  newViewRow,
  type Anchor,
  type GapFiller,
  type OpenRows,
  type View,
  type ViewRow,
} from '@highwater/windowing';
import { UpsertSnapshotError } from './errors.ts';
import type { SavedSources, Sources } from './sources.ts';
import { unwrittenRow } from './unwritten-row.ts';
import type { RowRefusal } from './write-rows.ts';

const format = 2;

/** Numbers of one partial: source, contributions, late, newest arrival, then the accumulator. */
type SavedPartial = readonly [number, number, number, number, ...(number | null)[]];
type SavedRow = readonly [
  series: number,
  writtenVersion: number,
  isHeldBack: 0 | 1,
  partials: readonly SavedPartial[],
];

/** Numbers of an anchor: view, series, window, points, then the values. */
type SavedAnchor = readonly [number, number, number, number, number, ...(number | null)[]];

/** The snapshot as JSON: every series and source once, and rows as numbers that refer to them. */
interface Saved {
  readonly format: number;
  readonly forgottenToMs: number | null;
  /** The computations of the views that these rows belong to. */
  readonly views: readonly { name: string; revision: number; definition: string }[];
  readonly sources: SavedSources;
  readonly sourceNames: readonly string[];
  readonly series: readonly Series[];
  readonly windows: readonly {
    readonly view: string;
    readonly revision: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly rows: readonly SavedRow[];
  }[];
  readonly anchors: readonly SavedAnchor[];
}

/** The state of a processor's shard. */
export interface UpsertState {
  readonly rows: OpenRows;
  readonly gaps: GapFiller;
  readonly sources: Sources;
}

/** The writer's whole state for one shard. */
export function saveState(
  { rows, gaps, sources }: UpsertState,
  views: readonly View[],
): Uint8Array {
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
      row.partials.map((partial): SavedPartial => [
        sourceNames.index(partial.source, partial.source),
        partial.contributions,
        partial.lateContributions,
        partial.newestArrivalTimeMs,
        ...partial.accumulator,
      ]),
    ]),
  }));
  const anchors = gaps.anchors.map(({ view, series: of, window, contributions, values }) => {
    const viewIndex = views.findIndex(({ name }) => name === view.name);
    const seriesIndex = series.index(seriesKey(of), of);
    const cells = values.map((value) => value ?? null);
    const { startMs, endMs } = window;
    return [viewIndex, seriesIndex, startMs, endMs, contributions, ...cells] satisfies SavedAnchor;
  });
  const saved: Saved = {
    format,
    views: views.map(({ name, revision, definition }) => ({ name, revision, definition })),
    forgottenToMs: Number.isFinite(rows.forgottenToMs) ? rows.forgottenToMs : null,
    sources: sources.save(),
    sourceNames: sourceNames.values,
    series: series.values,
    windows,
    anchors,
  };
  return new TextEncoder().encode(JSON.stringify(saved));
}

/**
 * Joins a saved state into another one: a shard's own, or those of its parents, in any order.
 *
 * @returns how many rows of views that are no longer configured were dropped, and which of them the
 * store does not have
 * @throws {UpsertSnapshotError} when the bytes are not a snapshot of this format
 * @throws {ViewChangedError} when a view now computes something else under the same revision
 */
export function joinState(
  snapshot: Uint8Array,
  views: readonly View[],
  { rows, gaps, sources }: UpsertState,
): { readonly droppedRows: number; readonly unwritten: readonly RowRefusal[] } {
  const saved = parse(snapshot);
  for (const before of saved.views) for (const view of views) assertSameDefinition(view, before);
  sources.join(saved.sources);
  for (const { name, revision } of views) {
    const before = saved.views.find((each) => each.name === name);
    if (before && before.revision < revision) sources.raise(name, revision);
  }
  const keys = saved.series.map(seriesKey);
  let droppedRows = 0;
  const unwritten: RowRefusal[] = [];
  for (const { view: name, revision, rows: savedRows, ...window } of saved.windows) {
    const view = views.find((each) => each.name === name && each.revision === revision);
    if (!view) {
      droppedRows += savedRows.length;
      for (const savedRow of savedRows) {
        const row = readRow(savedRow, saved);
        if (row.writtenVersion > 0) continue;
        const detail = `its row was held, but revision ${revision} of view ${name} is no longer configured`;
        const payload = unwrittenRow({ view: name, revision, ...window }, row);
        unwritten.push({ reason: 'unknown_view', detail, payload });
      }
      continue;
    }
    const cleanupMs = cleanupTimeMs(window, view.allowedLatenessMs);
    const place = { view, window, cleanupMs };
    for (const savedRow of savedRows) {
      const row = readRow(savedRow, saved);
      const key = keys[savedRow[0]] ?? '';
      rows.insert(place, key, joinRows(rows.find(place, key), row));
    }
  }
  for (const anchor of saved.anchors.flatMap((each) => readAnchor(each, saved, views))) {
    gaps.anchor(anchor);
  }
  rows.raiseForgottenTo(saved.forgottenToMs ?? Number.NEGATIVE_INFINITY);
  return { droppedRows, unwritten };
}

function readAnchor(
  [viewIndex, seriesIndex, startMs, endMs, contributions, ...cells]: SavedAnchor,
  saved: Saved,
  views: readonly View[],
): readonly Anchor[] {
  const before = saved.views[viewIndex];
  const series = saved.series[seriesIndex];
  if (!series) throw new UpsertSnapshotError('an anchor names a series that is not in it');
  const view = views.find(
    ({ name, revision }) => name === before?.name && revision === before.revision,
  );
  if (!view) return [];
  const values = cells.map((cell) => cell ?? undefined);
  return [{ view, series, window: { startMs, endMs }, contributions, values }];
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
    joinSource(row, {
      source,
      accumulator,
      contributions,
      lateContributions,
      newestArrivalTimeMs,
    });
  }
  return row;
}

/** For each source, the partial with the most contributions, as when partials are joined. */
function joinRows(known: ViewRow | undefined, row: ViewRow): ViewRow {
  if (!known) return row;
  for (const partial of row.partials) joinSource(known, partial);
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
    throw new UpsertSnapshotError(
      `its format is ${saved.format}, but this version reads ${format}`,
    );
  }
  return saved;
}

/** Numbers values, each once. */
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
