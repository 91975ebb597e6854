import { useState } from 'preact/hooks';
import { Marks } from '../chart/marks.tsx';
import { TimeChart, type Pointed } from '../chart/time-chart.tsx';
import { formatCount, formatDuration } from '../lib/format.ts';
import { goTo } from '../lib/url-state.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { saveCsv } from '../lib/download.ts';
import { LateStory } from './late-story.tsx';
import { Legend } from './legend.tsx';
import type { Panel } from './load-panels.ts';
import { PanelTable, tableOf } from './panel-table.tsx';
import { summaryOf } from './panel-summary.ts';
import { PointCard } from './point-card.tsx';

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
          {panel.isTruncated ? ' · more rows exist' : ''} · {formatDuration(panel.elapsedMs)}
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
      {!isEmpty && data.layers.length > 0 && <LateStory panel={panel} />}
      {isEmpty ? (
        <Notice kind="empty" title="No points here">
          No points match in this range. Widen the range, or remove a filter.
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
