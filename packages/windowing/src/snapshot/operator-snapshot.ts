import type { Series } from '@highwater/model';
import { z } from 'zod';
import type { AccumulatorLayout } from '../accumulators/accumulator-layout.ts';
import { SnapshotError } from '../errors.ts';
import { OpenWindow, type RowMarks } from '../state/open-window.ts';
import { decodeSeries, encodeSeries, seriesTextsSchema } from '../state/series-columns.ts';
import { SeriesCounts } from '../state/series-counts.ts';
import { Slice, type SliceArrays } from '../state/slice.ts';
import { FrameReader, writeFrame } from './snapshot-frame.ts';
import { assertSameDefinition } from '../views/view-definition.ts';
import type { View } from '../views/view.ts';
import { WindowOperator, type WindowOperatorOptions } from '../state/window-operator.ts';

const formatVersion = 4;

/** Of the versions before 0.2, which advanced the watermark by every point's event time. */
const formatVersionBefore = 3;

const count = z.int().nonnegative();
const headerSchema = z.object({
  format: z.literal([formatVersionBefore, formatVersion]),
  /** The shard. */
  source: z.string(),
  sequenceNumber: z.string().nullable(),
  watermarkMs: z.number().nullable(),
  /** Of a record that the checkpoint splits; absent in the format before. */
  recordMs: z.number().nullable().default(null),
  /** Absent in the previous format, where it follows from the watermark. */
  newestEventTimeMs: z.number().nullable().optional(),
  series: seriesTextsSchema.extend({ numbersCount: count }),
  views: z.array(
    z.object({
      name: z.string(),
      revision: z.int(),
      /** In full and not as a hash, so that a refusal can show what has changed. */
      definition: z.string(),
      beginsAtMs: z.number().nullable(),
      slices: z.array(
        z.object({
          startMs: z.int(),
          endMs: z.int(),
          rowsCount: count,
          cellsCount: count,
          listsCount: count,
          sequenceNumber: z.string(),
          originWatermarkMs: z.number().nullable(),
          originNewestMs: z.number().nullable().optional(),
        }),
      ),
      windows: z.array(
        z.object({
          startMs: z.int(),
          endMs: z.int(),
          isPassed: z.boolean(),
          lateCount: count,
          emittedCount: count,
          dueCount: count,
        }),
      ),
    }),
  ),
});
type Header = z.infer<typeof headerSchema>;
type SavedView = Header['views'][number];

/** The result of a restore. */
export interface RestoredOperator {
  readonly operator: WindowOperator;
  /** Views of the snapshot that are not computed any more. Their open rows were dropped. */
  readonly dropped: readonly { readonly view: string; readonly rowsCount: number }[];
}

/**
 * The operator's whole state: a JSON header that describes it, and the arrays of each slice and
 * window. Call this after `drain`. It includes corrections that still wait for their time.
 */
export function snapshotOperator(operator: WindowOperator): Uint8Array {
  const dense = new DenseSeries(operator);
  const arrays: (Float64Array | Int32Array)[] = [];
  const views = operator.views.map(({ view, beginsAtMs, slices, windows }): SavedView => {
    return {
      name: view.name,
      revision: view.revision,
      definition: view.definition,
      beginsAtMs: finiteOrNull(beginsAtMs),
      slices: slices.map((slice) => {
        const { seriesIds, cells, lists } = slice.arrays();
        arrays.push(cells, lists, seriesIds.map(dense.of));
        const { startMs, endMs, rowsCount, origin } = slice;
        return {
          startMs,
          endMs,
          rowsCount,
          cellsCount: cells.length,
          listsCount: lists.length,
          sequenceNumber: origin.sequenceNumber,
          originWatermarkMs: finiteOrNull(origin.watermarkMs),
          originNewestMs: finiteOrNull(origin.newestEventTimeMs),
        };
      }),
      windows: windows.map((window) => {
        const { late, emitted, due } = window.rows();
        arrays.push(dense.ofPairs(late), dense.ofPairs(emitted), due.map(dense.of));
        const { startMs, endMs, isPassed } = window;
        const counts = {
          lateCount: late.length,
          emittedCount: emitted.length,
          dueCount: due.length,
        };
        return { startMs, endMs, isPassed, ...counts };
      }),
    };
  });
  const { texts, dimensions, numbers } = encodeSeries(dense.series);
  const header: Header = {
    format: formatVersion,
    source: operator.options.source,
    sequenceNumber: operator.sequenceNumber ?? null,
    watermarkMs: finiteOrNull(operator.watermarkMs),
    recordMs: finiteOrNull(operator.recordMs),
    newestEventTimeMs: finiteOrNull(operator.newestEventTimeMs),
    series: { texts, dimensions, numbersCount: numbers.length },
    views,
  };
  return writeFrame({ header: JSON.stringify(header), arrays: [numbers, ...arrays] });
}

/**
 * Rebuilds an operator from a snapshot.
 *
 * @param snapshot unchanged: the store must verify that, because a changed number is not detected here
 * @throws {SnapshotError} when the bytes are not a snapshot of this format, are incomplete, or belong
 *   to another shard
 * @throws {ViewChangedError} when a view has another computation under the same revision
 */
export function restoreOperator(
  snapshot: Uint8Array,
  options: WindowOperatorOptions,
): RestoredOperator {
  const frame = new FrameReader(snapshot);
  const header = parseHeader(frame.header);
  if (header.source !== options.source) {
    throw new SnapshotError(`it belongs to shard ${header.source}, not to ${options.source}`);
  }
  const operator = new WindowOperator(options, {
    watermarkMs: header.watermarkMs ?? undefined,
    newestEventTimeMs: newestOf(header, options),
    sequenceNumber: header.sequenceNumber ?? undefined,
    recordMs: header.recordMs ?? undefined,
  });
  const numbers = frame.int32s(header.series.numbersCount);
  const series = decodeSeries({ ...header.series, numbers });
  raiseBegins(operator, header);
  const ids = new SavedSeries(operator, series.map(identityOf));
  const renamed = series.flatMap((each, place) => (identityOf(each) === each ? [] : [place]));
  const dropped: { view: string; rowsCount: number }[] = [];
  for (const saved of header.views) {
    const slices = saved.slices.map((slice) => ({ slice, arrays: readSlice(frame, slice) }));
    const windows = saved.windows.map((window) => ({ window, rows: readWindow(frame, window) }));
    const target = operator.views.find(({ view }) => isSame(view, saved));
    if (target) {
      const { layout } = target.view;
      target.restore(
        slices.map(({ slice, arrays }) => restoreSlice(slice, arrays, layout, ids)),
        windows.map(({ window, rows }) => restoreWindow(window, rows, layout, ids)),
      );
      for (const place of renamed)
        for (const window of target.windows) window.emitAgain(ids.of(place));
      continue;
    }
    const rowsCount = saved.slices.reduce((sum, slice) => sum + slice.rowsCount, 0);
    if (rowsCount > 0) dropped.push({ view: saved.name, rowsCount });
  }
  return { operator, dropped };
}

/**
 * The operator of a child shard: empty, with the progress of its parents. Their points stay in their own
 * partials. So it takes over the lowest of their watermarks, and starts a view no earlier than they do.
 *
 * @param snapshots the final snapshots of all its parents, at least one
 * @throws as `restoreOperator`
 */
export function inheritOperator(
  snapshots: readonly Uint8Array[],
  options: WindowOperatorOptions,
): WindowOperator {
  const headers = snapshots.map((snapshot) => parseHeader(new FrameReader(snapshot).header));
  const watermarkMs = Math.min(...headers.map((header) => watermarkOf(header)));
  const newestEventTimeMs = Math.max(...headers.map((header) => newestOf(header, options)));
  const operator = new WindowOperator(options, { watermarkMs, newestEventTimeMs });
  for (const header of headers) raiseBegins(operator, header);
  return operator;
}

/**
 * A changed view starts after the newest point that the previous one accepted. The watermark is not
 * enough: a point that is ahead of its arrival is in a window, but has not moved it.
 */
function raiseBegins({ views, options }: WindowOperator, header: Header): void {
  for (const target of views) {
    const saved = header.views.find(({ name }) => name === target.view.name);
    if (!saved) continue;
    const beginsAtMs = isSame(target.view, saved)
      ? (saved.beginsAtMs ?? Number.NEGATIVE_INFINITY)
      : newestOf(header, options) + 1;
    target.beginsAtMs = Math.max(target.beginsAtMs, beginsAtMs);
  }
}

function watermarkOf({ watermarkMs }: Header): number {
  return watermarkMs ?? Number.NEGATIVE_INFINITY;
}

/** The newest event time that was taken. */
function newestOf(header: Header, { outOfOrdernessMs }: WindowOperatorOptions): number {
  const { newestEventTimeMs: newestMs } = header;
  if (newestMs !== undefined) return newestMs ?? Number.NEGATIVE_INFINITY;
  return watermarkOf(header) + outOfOrdernessMs + 1;
}

function parseHeader(text: string): Header {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError('its header is not JSON', { cause });
  }
  const format = z.looseObject({ format: z.unknown() }).safeParse(content).data?.format;
  if (format !== formatVersion && format !== formatVersionBefore) {
    throw new SnapshotError(
      `it has format ${String(format)}, but this version reads format ${formatVersion}`,
    );
  }
  const parsed = headerSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new SnapshotError(`its header is incomplete: ${z.prettifyError(parsed.error)}`);
}

function isSame(view: View, saved: SavedView): boolean {
  assertSameDefinition(view, saved);
  return view.name === saved.name && view.revision === saved.revision;
}

function readSlice(frame: FrameReader, saved: SavedView['slices'][number]): SliceArrays {
  const cells = frame.float64s(saved.cellsCount);
  const lists = frame.float64s(saved.listsCount);
  return { cells, lists, seriesIds: frame.int32s(saved.rowsCount) };
}

function readWindow(frame: FrameReader, saved: SavedView['windows'][number]): RowMarks {
  const late = frame.int32s(saved.lateCount);
  const emitted = frame.int32s(saved.emittedCount);
  return { late, emitted, due: frame.int32s(saved.dueCount) };
}

function restoreSlice(
  saved: SavedView['slices'][number],
  arrays: SliceArrays,
  layout: AccumulatorLayout,
  ids: SavedSeries,
): Slice {
  const { sequenceNumber, originWatermarkMs, originNewestMs } = saved;
  const slice = new Slice(saved, layout, {
    sequenceNumber,
    watermarkMs: originWatermarkMs ?? Number.NEGATIVE_INFINITY,
    newestEventTimeMs: originNewestMs ?? Number.NEGATIVE_INFINITY,
  });
  slice.restore({ ...arrays, seriesIds: ids.held(arrays.seriesIds) });
  return slice;
}

function restoreWindow(
  saved: SavedView['windows'][number],
  { late, emitted, due }: RowMarks,
  layout: AccumulatorLayout,
  ids: SavedSeries,
): OpenWindow {
  const window = new OpenWindow(saved, layout);
  const rows = { late: ids.ofPairs(late), emitted: ids.ofPairs(emitted), due: due.map(ids.of) };
  window.restore(saved.isPassed, rows);
  return window;
}

/** Numbers the series of a snapshot from 0, in the order in which they are first asked for. */
class DenseSeries {
  readonly series: Series[] = [];
  readonly #operator: WindowOperator;
  readonly #places = new SeriesCounts();

  constructor(operator: WindowOperator) {
    this.#operator = operator;
  }

  readonly of = (seriesId: number): number => {
    const known = this.#places.get(seriesId);
    if (known > 0) return known - 1;
    const place = this.series.push(this.#operator.series.get(seriesId));
    this.#places.set(seriesId, place);
    return place - 1;
  };

  ofPairs(pairs: Int32Array): Int32Array {
    return pairs.map((number, at) => (at % 2 === 0 ? this.of(number) : number));
  }
}

/**
 * The current identity of a row. The previous format distinguished BIGINT from DOUBLE, and an empty
 * dimension from none. Rows that were separate then are one now, with the points of both.
 */
function identityOf(series: Series): Series {
  const { measureName, measureValueType, dimensions } = series;
  const isUnchanged =
    measureValueType === 'DOUBLE' && dimensions.every(({ value }) => value !== '');
  if (isUnchanged) return series;
  const given = dimensions.filter(({ value }) => value !== '');
  return { measureName, measureValueType: 'DOUBLE', dimensions: given };
}

/** The numbers that the series of a snapshot have in an operator. */
class SavedSeries {
  readonly #operator: WindowOperator;
  readonly #series: readonly Series[];
  readonly #ids: Int32Array;

  constructor(operator: WindowOperator, series: readonly Series[]) {
    this.#operator = operator;
    this.#series = series;
    this.#ids = new Int32Array(series.length).fill(-1);
  }

  readonly of = (place: number): number => {
    const known = this.#ids[place] ?? -1;
    if (known >= 0) return known;
    const series = this.#series[place];
    if (!series) throw new SnapshotError('a row names a series that is not in the snapshot');
    const id = this.#operator.series.intern(series);
    this.#ids[place] = id;
    return id;
  };

  ofPairs(pairs: Int32Array): Int32Array {
    return pairs.map((number, at) => (at % 2 === 0 ? this.of(number) : number));
  }

  /** The numbers of a slice's rows, each of which holds its series. */
  held(places: Int32Array): Int32Array {
    const ids = places.map(this.of);
    for (const id of new Set(ids)) this.#operator.series.hold(id);
    return ids;
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
