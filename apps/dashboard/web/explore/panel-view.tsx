import { useState } from 'preact/hooks';
import { nearestIndex, type ChartData } from '../chart/chart-data.ts';
import { Marks } from '../chart/marks.tsx';
import { TimeChart, type Pointed } from '../chart/time-chart.tsx';
import {
  formatClockMs,
  formatCount,
  formatDuration,
  formatNumber,
  formatWindow,
} from '../lib/format.ts';
import { goTo } from '../lib/url-state.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { saveCsv } from '../lib/download.ts';
import type { Panel } from './load-panels.ts';
import { PanelTable, tableOf } from './panel-table.tsx';
import { summaryOf } from './panel-summary.ts';

/** One measure with its aggregates: a chart or a table, a legend and the marks of corrections. */
export function PanelView({
  panel,
  isTable,
  height,
}: {
  readonly panel: Panel;
  readonly isTable: boolean;
  readonly height: number;
}) {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const { choice, data, marks } = panel;
  const title = choice.measure ?? choice.aggregates.join(', ');
  const isEmpty =
    data.groups.length === 0 && data.layers.every(({ windows }) => windows.length === 0);
  return (
    <section class="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Legend data={data} />
        <span class="facts">
          {formatCount(panel.pointsCount)} points
          {data.binMs > 0 ? ` · ${formatDuration(data.binMs)} bins` : ' · every point'}
          {panel.moreGroups ? ' · top 8 shown' : ''}
          {panel.isTruncated ? ' · cut short' : ''} · {formatDuration(panel.elapsedMs)}
        </span>
        <button
          type="button"
          class="quiet icon"
          aria-label={`Save ${title} as CSV`}
          onClick={() => saveCsv(title, tableOf(panel))}
        >
          <Icon name="save" />
        </button>
      </header>
      {isEmpty ? (
        <Notice kind="empty" title="No points here">
          Nothing matches in this range. Widen it, or take a filter away.
        </Notice>
      ) : isTable ? (
        <PanelTable panel={panel} />
      ) : (
        <div class="plot">
          <TimeChart data={data} label={summaryOf(panel)} height={height} onPoint={setPointed} />
          {pointed && <PointCard data={data} pointed={pointed} />}
          {data.layers.length > 0 && (
            <Marks
              marks={marks}
              span={data.span}
              onOpen={({ startMs, endMs, corrections }) =>
                goTo('/corrections', {
                  wfrom: String(startMs),
                  wto: String(endMs),
                  cm: corrections[0]?.measure ?? null,
                })
              }
            />
          )}
        </div>
      )}
      <p class="sr">{summaryOf(panel)}</p>
    </section>
  );
}

function Legend({ data }: { readonly data: ChartData }) {
  const isColoured = data.groups.length > 1 || data.groups.some(({ name }) => name !== '');
  return (
    <ul class="legend">
      {data.groups.map(({ name }, index) => (
        <li key={name}>
          <i data-kind="raw" data-line={String(index % 8)} />
          {isColoured ? name || '(none)' : 'raw points'}
        </li>
      ))}
      {data.layers.map(({ measure, windows }, index) => (
        <li key={measure}>
          <i data-kind="aggregate" data-aggregate={String(index % 3)} />
          {measure}
          {windows.some(({ isFilled }) => isFilled) ? ' (dashed: filled)' : ''}
        </li>
      ))}
    </ul>
  );
}

function PointCard({ data, pointed }: { readonly data: ChartData; readonly pointed: Pointed }) {
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
              </span>
            </div>
          )),
      )}
    </div>
  );
}
