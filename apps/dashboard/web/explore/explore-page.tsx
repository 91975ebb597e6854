import { useEffect, useRef, useState } from 'preact/hooks';
import type { MeasuresReply } from '../../src/contract.ts';
import { formatClock, formatTime } from '../lib/format.ts';
import { isPaused, tick } from '../lib/live.ts';
import { currentSpan, range } from '../lib/range.ts';
import { place, show } from '../lib/url-state.ts';
import { useReply } from '../lib/use-reply.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { RangeBar } from '../parts/range-bar.tsx';
import { showBlogChart } from './blog-chart.ts';
import { choice, panelsOf } from './choice.ts';
import { firstChoice } from './first-choice.ts';
import { loadPanels, type Panel } from './load-panels.ts';
import { PanelView } from './panel-view.tsx';
import { Sidebar } from './sidebar.tsx';

const noMeasures: MeasuresReply = { measures: [], dimensions: [] };

/** Raw points with their aggregates on top. */
export function ExplorePage() {
  const { panels, problem, isLoading, area } = usePanels();
  const { measures, aggregates, isTable, by } = choice.value;
  const isNothingChosen = measures.length + aggregates.length === 0;
  // Requests for visible data come first. Others can wait.
  const isTurn = isNothingChosen || panels !== null || problem !== null;
  const { known, problem: measuresProblem } = useMeasures(isTurn);

  useEffect(() => {
    if (!known || !isNothingChosen) return;
    const overtaken = new AbortController();
    const { query } = place.peek();
    const hasRange = query.has('range') || query.has('from');
    void firstChoice(known, { hasRange, signal: overtaken.signal }).then((changes) => {
      if (!overtaken.signal.aborted) show(changes);
    });
    return () => overtaken.abort();
  }, [known, isNothingChosen]);

  const error = problem ?? measuresProblem;
  return (
    <div class="explore">
      <Sidebar known={known ?? noMeasures} isLoading={known === null && !measuresProblem} />
      <div class="stage">
        <div class="toolbar">
          <RangeBar />
          <label class="pick">
            Color by
            <select
              value={by ?? ''}
              onChange={(event) => show({ by: event.currentTarget.value || null }, true)}
            >
              <option value="">measure</option>
              {withChosen(known?.dimensions ?? [], by).map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="quiet"
            aria-pressed={isTable}
            onClick={() => show({ view: isTable ? null : 'table' })}
          >
            <Icon name={isTable ? 'chart' : 'table'} /> {isTable ? 'Charts' : 'Tables'}
          </button>
          <button
            type="button"
            class="quiet"
            title="Show cpu_system and its average for one group of hosts"
            onClick={() => show(showBlogChart(known?.measures ?? []), true)}
          >
            Example chart
          </button>
        </div>
        {aggregates.length > 0 && <KnownAt />}
        {error && (
          <p class="banner" role="alert">
            {error} {panels && 'Showing the last data that loaded.'}
          </p>
        )}
        <div class="panels" ref={area} data-loading={isLoading || undefined}>
          {panels?.map((panel) => (
            <PanelView
              key={`${panel.choice.measure} ${panel.choice.aggregates.join()}`}
              panel={panel}
              isTable={isTable}
              height={panels.length > 1 ? 260 : aloneHeight()}
            />
          ))}
          {!panels && !error && known?.measures.length !== 0 && (
            <Notice kind="loading" title="Loading the points…" />
          )}
          {known?.measures.length === 0 && (
            <Notice kind="empty" title="No points yet">
              The store has no points in this range. New points appear here automatically.
            </Notice>
          )}
        </div>
      </div>
    </div>
  );
}

/** Choices in the address are shown even before the store's dimensions are known. */
function withChosen(dimensions: readonly string[], by: string | undefined): readonly string[] {
  return by === undefined || dimensions.includes(by) ? dimensions : [by, ...dimensions];
}

/** A single chart uses the window's height. */
function aloneHeight(): number {
  return Math.min(560, Math.max(300, innerHeight - 330));
}

/** The list of measures, requested again when the range changes and periodically. */
function useMeasures(isTurn: boolean) {
  const { kind } = range.value;
  const beat = Math.floor((tick.value?.atMs ?? 0) / 15_000);
  const isEmpty = useRef(false);
  const { reply: known, problem } = useReply('measures', () => (isTurn ? currentSpan() : null), [
    isTurn,
    range.value,
    kind === 'moving' ? beat : 0,
    isEmpty.current ? tick.value : 0,
  ]);
  isEmpty.current = known?.measures.length === 0;
  return { known, problem };
}

/** The panels of the choice. Refreshed while the page is live and the range ends now. */
function usePanels() {
  const area = useRef<HTMLDivElement>(null);
  const [panels, setPanels] = useState<readonly Panel[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isLoading, setLoading] = useState(false);
  const running = useRef<AbortController | null>(null);
  const chosen = choice.value;
  const question = JSON.stringify([
    chosen.measures,
    chosen.aggregates,
    chosen.filters,
    chosen.by,
    chosen.knownAtMs,
  ]);
  const isMoving = range.value.kind === 'moving' && !isPaused.value;

  /** Only the answer to the newest request is shown. */
  const load = async () => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    const { signal } = own;
    const pixels = Math.round(
      Math.min(4_000, Math.max(200, (area.current?.clientWidth ?? 900) - 80)),
    );
    try {
      const request = { span: currentSpan(), pixels, signal };
      const loaded = await loadPanels(panelsOf(chosen), chosen, request);
      if (signal.aborted) return;
      setPanels(chosen.measures.length + chosen.aggregates.length > 0 ? loaded : null);
      setProblem(null);
    } catch (error) {
      if (!signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      if (running.current === own) running.current = null;
    }
  };
  useEffect(() => {
    const slow = setTimeout(() => setLoading(true), 250);
    // Shows the existing data immediately, and finer data when the answer arrives.
    const span = currentSpan();
    setPanels((shown) => shown && shown.map((each) => ({ ...each, data: { ...each.data, span } })));
    let isCurrent = true;
    void load().finally(() => {
      clearTimeout(slow);
      if (isCurrent) setLoading(false);
    });
    return () => {
      isCurrent = false;
      clearTimeout(slow);
      running.current?.abort();
    };
  }, [question, range.value]);
  useEffect(() => {
    // One request at a time, so that a slow store is not asked faster than it answers.
    if (!isMoving || running.current !== null || tick.value?.store !== 'ok') return;
    void load();
  }, [tick.value]);
  return { panels, problem, isLoading, area };
}

/** Goes back in knowledge, not in time: the same windows, with the values stored then. */
function KnownAt() {
  const span = currentSpan();
  const { knownAtMs } = choice.value;
  const value = knownAtMs ?? span.toMs;
  return (
    <div class="known" data-past={knownAtMs !== undefined || undefined}>
      <label
        for="known-at"
        title="Show the windows as they were stored at this time, without later corrections"
      >
        As known at
      </label>
      <input
        id="known-at"
        type="range"
        min={span.fromMs}
        max={span.toMs}
        step={1_000}
        value={value}
        aria-valuetext={knownAtMs === undefined ? 'now' : formatTime(knownAtMs)}
        onInput={(event) => {
          const atMs = Number(event.currentTarget.value);
          const isNow = atMs > span.toMs - (span.toMs - span.fromMs) / 200;
          show({ known: isNow ? null : String(atMs) });
        }}
      />
      <output for="known-at">{knownAtMs === undefined ? 'now' : formatClock(knownAtMs)}</output>
      {knownAtMs !== undefined && (
        <button type="button" class="quiet" onClick={() => show({ known: null })}>
          Back to now
        </button>
      )}
    </div>
  );
}
