import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Correction, CorrectionsReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatNumber,
  formatWindow,
} from '../lib/format.ts';
import { isPaused, liveCorrections, tick } from '../lib/live.ts';
import { currentSpan, range } from '../lib/range.ts';
import { place, show } from '../lib/url-state.ts';
import { Notice } from '../parts/notice.tsx';
import { RangeBar } from '../parts/range-bar.tsx';
import { seriesLabel } from '../parts/series-label.ts';
import { rowKey, correctionKey } from './correction-key.ts';
import { History } from './history.tsx';
import { Summary } from './summary.tsx';

const shownMax = 200;

/** What late points changed: the latest, and the history of one window. */
export function CorrectionsPage() {
  const { reply, problem } = useCorrections();
  const [search, setSearch] = useState('');
  const { query } = place.value;
  const windowFromMs = Number(query.get('wfrom'));
  const measure = query.get('cm');
  const live = liveCorrections.value;
  const all = useMemo(
    () => merge(isPaused.value ? [] : live, reply?.corrections ?? []),
    [live, reply],
  );
  const wanted = search.trim().toLowerCase();
  const listed = all.filter(
    (each) =>
      (windowFromMs === 0 || each.windowStartMs === windowFromMs) &&
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
        {windowFromMs > 0 && (
          <button
            type="button"
            class="chip"
            onClick={() => show({ wfrom: null, wto: null, cm: null })}
          >
            window {formatWindow(windowFromMs, Number(query.get('wto')))} ✕
          </button>
        )}
      </div>
      {problem && (
        <p class="banner" role="alert">
          {problem} {reply && 'What is shown is from before.'}
        </p>
      )}
      {all.length > 0 && <Summary corrections={all} />}
      {!reply && !problem && <Notice kind="loading" title="Reading the corrections …" />}
      {reply && listed.length === 0 && (
        <Notice
          kind="empty"
          title={reply.isMissing ? 'Nothing has published corrections' : 'No corrections here'}
        >
          {reply.isMissing
            ? 'The table of corrections appears with the upsert writer’s first one.'
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
    <section class="panel" aria-label="Latest corrections">
      <header>
        <h2>Latest corrections</h2>
        <span class="facts">
          {isTruncated ? 'the newest ' : ''}
          {listed.length}
        </span>
      </header>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Corrections">
        <table class="corrections">
          <thead>
            <tr>
              <th scope="col">Known at</th>
              <th scope="col">Series</th>
              <th scope="col">Window</th>
              <th scope="col" class="number">
                Was
              </th>
              <th scope="col" class="number">
                Is
              </th>
              <th scope="col" class="number">
                Change
              </th>
              <th scope="col" class="number">
                Late
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
    </section>
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
  const [reply, setReply] = useState<CorrectionsReply | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { query } = place.value;
  const windowFrom = query.get('wfrom');
  const windowTo = query.get('wto');
  const isDown = tick.value?.store === 'down';
  useEffect(() => {
    const overtaken = new AbortController();
    const body =
      windowFrom && windowTo
        ? { fromMs: Number(windowFrom), toMs: Number(windowTo), order: 'window', limit: 1_000 }
        : { ...currentSpan(), order: 'arrival', limit: 500 };
    ask<CorrectionsReply>('corrections', body, overtaken.signal)
      .then((answered) => {
        setReply(answered);
        setProblem(null);
      })
      .catch((error: Error) => {
        if (!overtaken.signal.aborted) setProblem(error.message);
      });
    return () => overtaken.abort();
  }, [range.value, windowFrom, windowTo, isDown]);
  return { reply, problem };
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
