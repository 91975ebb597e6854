import type { Series } from '@highwater/model';
import { z } from 'zod';
import { SnapshotError } from './errors.ts';
import { OpenWindow } from './open-window.ts';
import type { View } from './view.ts';
import { WindowOperator, type WindowOperatorOptions } from './window-operator.ts';

const formatVersion = 2;
const prefixBytes = 8;

const headerSchema = z.object({
  format: z.literal(formatVersion),
  watermarkMs: z.number().nullable(),
  series: z.array(z.custom<Series>((value) => typeof value === 'object' && value !== null)),
  views: z.array(
    z.object({
      name: z.string(),
      revision: z.int(),
      definition: z.string(),
      windows: z.array(
        z.object({
          startMs: z.int(),
          endMs: z.int(),
          isPassed: z.boolean(),
          rowsCount: z.int(),
          cellsCount: z.int(),
          listsCount: z.int(),
          sequenceNumber: z.string(),
          originWatermarkMs: z.number().nullable(),
        }),
      ),
    }),
  ),
});
type Header = z.infer<typeof headerSchema>;

/** What a restore gives. */
export interface RestoredOperator {
  readonly operator: WindowOperator;
  /** Views of the snapshot that are not computed any more: their open rows were let go. */
  readonly dropped: readonly { readonly view: string; readonly rowsCount: number }[];
}

/**
 * The operator's whole state: a JSON header behind its length, then each window's arrays as they lie
 * in memory (little-endian), aligned to 8 bytes. To be called after `drain`; corrections that still
 * wait for their time are in it.
 */
export function snapshotOperator(operator: WindowOperator): Uint8Array {
  const ids = new Map<number, number>();
  const series: Series[] = [];
  const chunks: Uint8Array[] = [];
  const views = operator.views.map(({ view, windows }) => ({
    name: view.name,
    revision: view.revision,
    definition: view.definition,
    windows: windows.map((window) => {
      const { seriesIds, cells, lists } = window.arrays();
      const dense = seriesIds.map((id) => {
        const known = ids.get(id);
        if (known !== undefined) return known;
        ids.set(id, series.length);
        return series.push(operator.series.get(id)) - 1;
      });
      chunks.push(bytesOf(cells), bytesOf(lists), padded(bytesOf(dense)));
      const { startMs, endMs, isPassed, rowsCount, origin } = window;
      const { sequenceNumber, watermarkMs } = origin;
      return {
        startMs,
        endMs,
        isPassed,
        rowsCount,
        cellsCount: cells.length,
        listsCount: lists.length,
        sequenceNumber,
        originWatermarkMs: finiteOrNull(watermarkMs),
      };
    }),
  }));
  const watermarkMs = finiteOrNull(operator.watermarkMs);
  const header: Header = { format: formatVersion, watermarkMs, series, views };
  return concatenate(new TextEncoder().encode(JSON.stringify(header)), chunks);
}

/**
 * Rebuilds an operator from a snapshot.
 *
 * @throws {SnapshotError} when the bytes are not a snapshot of this format, or a view computes
 *   something else now under the same name and revision
 */
export function restoreOperator(
  snapshot: Uint8Array,
  options: Omit<WindowOperatorOptions, 'watermarkMs'>,
): RestoredOperator {
  const { header, bodyAt } = readHeader(snapshot);
  const watermarkMs = header.watermarkMs ?? Number.NEGATIVE_INFINITY;
  const operator = new WindowOperator({ ...options, watermarkMs });
  const dropped: { view: string; rowsCount: number }[] = [];
  let at = bodyAt;
  for (const saved of header.views) {
    const target = operator.views.find(({ view }) => isSame(view, saved));
    let rowsCount = 0;
    for (const window of saved.windows) {
      const cells = new Float64Array(copy(snapshot, at, window.cellsCount * 8));
      at += window.cellsCount * 8;
      const lists = new Float64Array(copy(snapshot, at, window.listsCount * 8));
      at += window.listsCount * 8;
      const dense = new Int32Array(copy(snapshot, at, window.rowsCount * 4));
      at += Math.ceil((window.rowsCount * 4) / 8) * 8;
      rowsCount += window.rowsCount;
      if (!target) continue;
      const seriesIds = dense.map((index) => internSaved(operator, header.series[index]));
      for (const id of seriesIds) operator.series.hold(id);
      const origin = {
        sequenceNumber: window.sequenceNumber,
        watermarkMs: window.originWatermarkMs ?? Number.NEGATIVE_INFINITY,
      };
      const open = new OpenWindow(window, target.view.layout, origin);
      open.isPassed = window.isPassed;
      open.restore({ seriesIds, cells, lists });
      if (open.isPassed) open.markChanged();
      target.insert(open);
    }
    if (!target && rowsCount > 0) dropped.push({ view: saved.name, rowsCount });
  }
  return { operator, dropped };
}

/** The watermark of a snapshot, without the rest: what a child shard takes over from its parents. */
export function snapshotWatermarkMs(snapshot: Uint8Array): number {
  return readHeader(snapshot).header.watermarkMs ?? Number.NEGATIVE_INFINITY;
}

function isSame(view: View, saved: Header['views'][number]): boolean {
  if (view.name !== saved.name || view.revision !== saved.revision) return false;
  if (view.definition === saved.definition) return true;
  throw new SnapshotError(
    `view ${view.name} revision ${view.revision} was ${saved.definition} and is ` +
      `${view.definition} now: give the changed view a higher revision`,
  );
}

function internSaved(operator: WindowOperator, series: Series | undefined): number {
  if (!series) throw new SnapshotError('a row names a series that is not in the snapshot');
  return operator.series.intern(series);
}

function readHeader(snapshot: Uint8Array): { header: Header; bodyAt: number } {
  try {
    const view = new DataView(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
    const headerBytes = Number(view.getBigUint64(0, true));
    const text = new TextDecoder().decode(
      snapshot.subarray(prefixBytes, prefixBytes + headerBytes),
    );
    const header = headerSchema.parse(JSON.parse(text));
    return { header, bodyAt: Math.ceil((prefixBytes + headerBytes) / 8) * 8 };
  } catch (cause) {
    throw new SnapshotError(`not a snapshot of format ${formatVersion}`, { cause });
  }
}

function concatenate(header: Uint8Array, chunks: readonly Uint8Array[]): Uint8Array {
  const bodyAt = Math.ceil((prefixBytes + header.length) / 8) * 8;
  const bodyBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const bytes = new Uint8Array(bodyAt + bodyBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, prefixBytes);
  let at = bodyAt;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function copy(snapshot: Uint8Array, at: number, bytes: number): ArrayBuffer {
  if (at + bytes > snapshot.length) throw new SnapshotError('it ends before its last window');
  const copied = new Uint8Array(bytes);
  copied.set(snapshot.subarray(at, at + bytes));
  return copied.buffer;
}

function bytesOf(array: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  whole.set(bytes);
  return whole;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
