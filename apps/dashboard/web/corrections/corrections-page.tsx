import { useMemo, useRef, useState } from 'preact/hooks';
import type { Correction } from '../../src/contract.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatNumber,
  formatWindow,
} from '../lib/format.ts';
import { isPaused, liveCorrections, reconnections, tick } from '../lib/live.ts';
import { currentSpan, range, readMoment } from '../lib/range.ts';
import { place, show } from '../lib/url-state.ts';
import { useReply } from '../lib/use-reply.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Notice } from '../parts/notice.tsx';
import { Panel } from '../parts/panel.tsx';
import { RangeBar } from '../parts/range-bar.tsx';
import { seriesLabel } from '../parts/series-label.ts';
import { rowKey, correctionKey } from './correction-key.ts';
import { History } from './history.tsx';
import { Summary } from './summary.tsx';

const shownMax = 200;

const columns = [
  { name: 'Known at' },
  { name: 'Series' },
  { name: 'Window' },
  { name: 'Was', isNumber: true },
  { name: 'Is', isNumber: true },
  { name: 'Change', isNumber: true },
  { name: 'Late', isNumber: true },
];

/** Changes made by late points: the latest, and the history of one window. */
export function CorrectionsPage() {
  const { reply, problem } = useCorrections();
  const [search, setSearch] = useState('');
  const { query } = place.value;
  const windowFromMs = readMoment(query.get('wfrom'));
  const windowToMs = readMoment(query.get('wto'));
  const measure = query.get('cm');
  // While paused, the content does not change.
  const live = useRef(liveCorrections.value);
  if (!isPaused.value) live.current = liveCorrections.value;
  const all = useMemo(() => merge(live.current, reply?.corrections ?? []), [live.current, reply]);
  const wanted = search.trim().toLowerCase();
  const listed = all.filter(
    (each) =>
      (windowFromMs === undefined || each.windowStartMs === windowFromMs) &&
      (measure === null || each.measure === measure) &&
      (wanted === '' || textOf(each).includes(wanted)),
  );
  const selectedKey = query.get('row');
  const selected = listed.find((each) => rowKey(each) === selectedKey) ?? listed[0];
  return (
    <div class="page">
      <div class="toolbar">
        <RangeBar />
        <input
          type="search"
          placeholder="Find a measure or series ( / )"
          aria-label="Find corrections"
          data-search=""
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {windowFromMs !== undefined && (
          <button
            type="button"
            class="chip"
            onClick={() => show({ wfrom: null, wto: null, cm: null })}
          >
            window {formatWindow(windowFromMs, windowToMs ?? windowFromMs)} ✕
          </button>
        )}
      </div>
      {problem && (
        <p class="banner" role="alert">
          {problem} {reply && 'Showing the last data that loaded.'}
        </p>
      )}
      {all.length > 0 && <Summary corrections={all} />}
      {!reply && !problem && <Notice kind="loading" title="Loading the corrections…" />}
      {reply && listed.length === 0 && (
        <Notice
          kind="empty"
          title={reply.isMissing ? 'No corrections table yet' : 'No corrections here'}
        >
          {reply.isMissing
            ? 'This table is created when upsert-writer publishes its first correction.'
            : 'No late point has changed a stored window in this range.'}
        </Notice>
      )}
      {listed.length > 0 && (
        <div class="split">
          <List listed={listed} selected={selected} isTruncated={reply?.isTruncated ?? false} />
          {selected && <History key={rowKey(selected)} of={selected} />}
        </div>
      )}
    </div>
  );
}

function List({
  listed,
  selected,
  isTruncated,
}: {
  readonly listed: readonly Correction[];
  readonly selected: Correction | undefined;
  readonly isTruncated: boolean;
}) {
  const selectedKey = selected && rowKey(selected);
  return (
    <Panel title="Latest corrections" facts={`${isTruncated ? 'the newest ' : ''}${listed.length}`}>
      <DataTable label="Corrections" kind="corrections" columns={columns} isTall>
        {listed.slice(0, shownMax).map((each) => (
          <tr
            key={correctionKey(each)}
            aria-selected={rowKey(each) === selectedKey}
            onClick={() => show({ row: rowKey(each) })}
          >
            <td class="mono">{formatClock(each.knownAtMs)}</td>
            <td>
              <button type="button" class="link" onClick={() => show({ row: rowKey(each) })}>
                {each.measure}
              </button>
              <span class="sub">{seriesLabel(each.dimensions)}</span>
            </td>
            <td class="mono">{formatWindow(each.windowStartMs, each.windowEndMs)}</td>
            <td class="number muted">{formatNumber(each.from)}</td>
            <td class="number">
              <b>{formatNumber(each.to)}</b>
            </td>
            <td class="number">
              <Change of={each} />
            </td>
            <td class="number">
              {formatCount(each.late)}
              <span class="sub">+{formatDuration(each.lateByMs)}</span>
            </td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function Change({ of }: { readonly of: Correction }) {
  const share = of.from === 0 ? Number.NaN : (of.to - of.from) / Math.abs(of.from);
  const isUp = of.to > of.from;
  const width = Math.min(1, Math.sqrt(Math.abs(share) || 0) * 2);
  return (
    <span class="changebar" data-up={isUp}>
      {isUp ? '▲' : of.to < of.from ? '▼' : '='}{' '}
      {Number.isFinite(share) ? `${(Math.abs(share) * 100).toFixed(share < 0.1 ? 2 : 1)} %` : '–'}
      <i style={{ width: `${width * 100}%` }} aria-hidden="true" />
    </span>
  );
}

function useCorrections() {
  const { query } = place.value;
  const windowFromMs = readMoment(query.get('wfrom'));
  const windowToMs = readMoment(query.get('wto'));
  const isDown = tick.value?.store === 'down';
  return useReply(
    'corrections',
    () =>
      windowFromMs !== undefined && windowToMs !== undefined
        ? { fromMs: windowFromMs, toMs: windowToMs, order: 'window', limit: 1_000 }
        : { ...currentSpan(), order: 'arrival', limit: 500 },
    [range.value, windowFromMs, windowToMs, isDown, reconnections.value],
  );
}

function merge(live: readonly Correction[], read: readonly Correction[]): readonly Correction[] {
  const { fromMs, toMs } = currentSpan();
  const byKey = new Map<string, Correction>();
  for (const each of read) byKey.set(correctionKey(each), each);
  for (const each of live) {
    if (each.knownAtMs >= fromMs && each.knownAtMs <= toMs + 60_000)
      byKey.set(correctionKey(each), each);
  }
  return [...byKey.values()].toSorted((a, b) => b.knownAtMs - a.knownAtMs);
}

function textOf({ measure, dimensions }: Correction): string {
  return [measure, ...Object.values(dimensions)].join(' ').toLowerCase();
}
