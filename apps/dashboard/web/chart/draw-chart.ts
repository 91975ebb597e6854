import type uPlot from 'uplot';
import type { PointGroup } from '../../src/contract.ts';
import { colour } from '../lib/theme.ts';
import { gapMsOf, isLine, type ChartData, type WindowLayer } from './chart-data.ts';
import { lineColour } from './palette.ts';

/** Draws points and windows into the plot's area: bands, then lines, then aggregates on top. */
export function drawChart(plot: uPlot, data: ChartData): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const scale = devicePixelRatio;
  const x = (timeMs: number) => plot.valToPos(timeMs / 1000, 'x', true);
  const y = (value: number) => plot.valToPos(value, 'y', true);
  const pen: Pen = { ctx, x, y, scale };
  const hasLayers = data.layers.length > 0;
  for (const [index, group] of data.groups.entries()) {
    drawGroup(pen, group, { colour: lineColour(index), binMs: data.binMs, isBehind: hasLayers });
  }
  const byGroup = data.groups.map(({ name }) => name);
  for (const [index, layer] of data.layers.entries()) drawLayer(pen, layer, { index, byGroup });
  ctx.restore();
}

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly x: (timeMs: number) => number;
  readonly y: (value: number) => number;
  readonly scale: number;
}

interface GroupStyle {
  readonly colour: string;
  readonly binMs: number;
  readonly isBehind: boolean;
}

function drawGroup(
  pen: Pen,
  group: PointGroup,
  { colour: ink, binMs, isBehind }: GroupStyle,
): void {
  const { ctx, x, y, scale } = pen;
  const { timesMs, mins, maxs, means } = group;
  const gapMs = gapMsOf(group, binMs);
  ctx.fillStyle = ink;
  ctx.strokeStyle = ink;
  if (binMs === 0 && !isLine(group)) {
    ctx.globalAlpha = 0.45;
    for (const [index, timeMs] of timesMs.entries()) dot(pen, timeMs, means[index] ?? 0, 1.6);
    ctx.globalAlpha = 1;
    return;
  }
  for (const [from, to] of stretches(timesMs, gapMs)) {
    if (binMs > 0) {
      ctx.globalAlpha = isBehind ? 0.13 : 0.18;
      ctx.beginPath();
      for (let i = from; i <= to; i++) ctx.lineTo(x(timesMs[i] ?? 0), y(maxs[i] ?? 0));
      for (let i = to; i >= from; i--) ctx.lineTo(x(timesMs[i] ?? 0), y(mins[i] ?? 0));
      ctx.fill();
    }
    ctx.globalAlpha = isBehind ? 0.45 : 0.95;
    ctx.lineWidth = 1.2 * scale;
    ctx.beginPath();
    for (let i = from; i <= to; i++) ctx.lineTo(x(timesMs[i] ?? 0), y(means[i] ?? 0));
    ctx.stroke();
    if (from === to) dot(pen, timesMs[from] ?? 0, means[from] ?? 0, 1.8);
  }
  const last = timesMs.length - 1;
  const widthPixels = x(timesMs[last] ?? 0) - x(timesMs[0] ?? 0);
  const isSparse = last > 0 && widthPixels / last > 9 * scale;
  if (binMs === 0 && isSparse) {
    ctx.globalAlpha = isBehind ? 0.6 : 1;
    for (const [index, timeMs] of timesMs.entries()) dot(pen, timeMs, means[index] ?? 0, 2);
  }
  ctx.globalAlpha = 1;
}

function dot({ ctx, x, y, scale }: Pen, timeMs: number, value: number, radius: number): void {
  ctx.beginPath();
  ctx.arc(x(timeMs), y(value), radius * scale, 0, 2 * Math.PI);
  ctx.fill();
}

/** Contiguous points, as first and last index. Gaps stay visible. */
function* stretches(timesMs: readonly number[], gapMs: number): Generator<[number, number]> {
  let from = 0;
  for (let index = 1; index <= timesMs.length; index++) {
    const isEnd = index === timesMs.length;
    if (!isEnd && (timesMs[index] ?? 0) - (timesMs[index - 1] ?? 0) <= gapMs) continue;
    yield [from, index - 1];
    from = index;
  }
}

function drawLayer(
  pen: Pen,
  { windows }: WindowLayer,
  { index, byGroup }: { readonly index: number; readonly byGroup: readonly string[] },
): void {
  const { ctx, x, y, scale } = pen;
  const previousByGroup = new Map<string, { readonly endMs: number; readonly mean: number }>();
  for (const window of windows) {
    const at = byGroup.indexOf(window.group);
    const ink = byGroup.length > 1 && at >= 0 ? lineColour(at) : colour(`aggregate-${index % 3}`);
    ctx.strokeStyle = ink;
    const previous = previousByGroup.get(window.group);
    // Hopping windows overlap, so each shows only its additional part.
    const startMs = Math.max(window.startMs, previous?.endMs ?? window.startMs);
    const level = y(window.mean);
    if (previous && previous.endMs === startMs) {
      ctx.globalAlpha = 0.55;
      ctx.lineWidth = scale;
      ctx.beginPath();
      ctx.moveTo(x(startMs), y(previous.mean));
      ctx.lineTo(x(startMs), level);
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
    drawChange(pen, { startMs, endMs: window.endMs, from: window.firstMean, to: window.mean });
    ctx.strokeStyle = ink;
    ctx.lineWidth = 3 * scale;
    ctx.setLineDash(window.isFilled ? [5 * scale, 4 * scale] : []);
    ctx.beginPath();
    ctx.moveTo(x(startMs), level);
    ctx.lineTo(x(window.endMs), level);
    ctx.stroke();
    ctx.setLineDash([]);
    previousByGroup.set(window.group, window);
  }
}

/**
 * The effect of late points on a window: the old value, dashed, and the way from there to the new
 * one.
 */
function drawChange(
  { ctx, x, y, scale }: Pen,
  change: {
    readonly startMs: number;
    readonly endMs: number;
    readonly from: number | undefined;
    readonly to: number;
  },
): void {
  if (change.from === undefined) return;
  const [left, right] = [x(change.startMs), x(change.endMs)];
  const [before, after] = [y(change.from), y(change.to)];
  if (Math.abs(after - before) < scale) return;
  ctx.fillStyle = colour('corrected');
  ctx.strokeStyle = ctx.fillStyle;
  ctx.globalAlpha = 0.26;
  ctx.fillRect(left, Math.min(before, after), right - left, Math.abs(after - before));
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.8 * scale;
  ctx.setLineDash([4 * scale, 3 * scale]);
  ctx.beginPath();
  ctx.moveTo(left, before);
  ctx.lineTo(right, before);
  ctx.stroke();
  ctx.setLineDash([]);
  const head = 4 * scale;
  if (Math.abs(after - before) < 2.5 * head || right - left < 3 * head) return;
  const middle = (left + right) / 2;
  const back = after > before ? -head : head;
  ctx.beginPath();
  ctx.moveTo(middle, before);
  ctx.lineTo(middle, after + back);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(middle, after + back / 3);
  ctx.lineTo(middle - head, after + back * 1.6);
  ctx.lineTo(middle + head, after + back * 1.6);
  ctx.fill();
}
