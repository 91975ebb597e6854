import { nearestIndex, type ChartData } from '../chart/chart-data.ts';
import type { Pointed } from '../chart/time-chart.tsx';
import { formatClockMs, formatNumber, formatWindow } from '../lib/format.ts';

/** The values under the pointer, or at the crosshair that the arrow keys have moved. */
export function PointCard({
  data,
  pointed,
}: {
  readonly data: ChartData;
  readonly pointed: Pointed;
}) {
  const { timeMs, left } = pointed;
  const nearMs = (data.span.toMs - data.span.fromMs) / 40;
  return (
    <div
      class="card pointcard"
      data-side={left > 420 ? 'left' : 'right'}
      style={{ left: `${left}px` }}
    >
      <strong>{formatClockMs(timeMs)}</strong>
      {data.groups.map((group, index) => {
        const at = nearestIndex(group.timesMs, timeMs);
        if (at < 0 || Math.abs((group.timesMs[at] ?? 0) - timeMs) > nearMs) return null;
        const [least, greatest] = [group.mins[at] ?? 0, group.maxs[at] ?? 0];
        return (
          <div key={group.name} class="value">
            <i data-kind="raw" data-line={String(index % 8)} />
            <span>{group.name || 'raw'}</span>
            <b>{formatNumber(group.means[at])}</b>
            {least < greatest && (
              <span class="muted">
                {formatNumber(least)} … {formatNumber(greatest)}
              </span>
            )}
          </div>
        );
      })}
      {data.layers.flatMap(({ measure, windows }, index) =>
        windows
          .filter(({ startMs, endMs }) => startMs <= timeMs && timeMs < endMs)
          .slice(-8)
          .map((window) => (
            <div key={`${measure} ${window.group}`} class="value">
              <i data-kind="aggregate" data-aggregate={String(index % 3)} />
              <span>{window.group || measure}</span>
              <b>{formatNumber(window.mean)}</b>
              <span class="muted">
                {formatWindow(window.startMs, window.endMs)}
                {window.rowsCount > 1 ? ` · mean of ${window.rowsCount} rows` : ''}
                {window.isFilled ? ' · filled' : ''}
                {window.firstMean !== undefined && (
                  <> · first stored {formatNumber(window.firstMean)}</>
                )}
              </span>
            </div>
          )),
      )}
    </div>
  );
}
