import { formatClock, formatCount, formatNumber } from '../lib/format.ts';
import type { Panel } from './load-panels.ts';

/** A chart in words. */
export function summaryOf({ choice, data, marks, pointsCount }: Panel): string {
  const { fromMs, toMs } = data.span;
  const mins = data.groups.flatMap((group) => group.mins);
  const maxs = data.groups.flatMap((group) => group.maxs);
  const between =
    mins.length > 0
      ? `, between ${formatNumber(least(mins))} and ${formatNumber(greatest(maxs))}`
      : '';
  const windows = data.layers.map(({ measure, windows: all }) => {
    const last = all.at(-1);
    return `; ${measure}: ${all.length} windows${last ? `, the last ${formatNumber(last.mean)}` : ''}`;
  });
  const name = choice.measure ?? choice.aggregates.join(', ');
  return (
    `${name} from ${formatClock(fromMs)} to ${formatClock(toMs)}: ${formatCount(pointsCount)} points${between}` +
    `${windows.join('')}; ${marks.length} corrected windows.`
  );
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}
