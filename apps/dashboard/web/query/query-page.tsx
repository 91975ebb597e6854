import { useEffect, useRef, useState } from 'preact/hooks';
import type { InfoReply, QueryReply } from '../../src/contract.ts';
import { ApiError, ask } from '../lib/api.ts';
import { saveCsv, saveJson } from '../lib/download.ts';
import { formatBytes, formatCount, formatDuration } from '../lib/format.ts';
import { place, show } from '../lib/url-state.ts';
import { Notice } from '../parts/notice.tsx';
import { Editor } from './editor.tsx';
import { readHistory, remember } from './query-history.ts';
import { ResultPlot, isPlottable } from './result-plot.tsx';
import { ResultTable } from './result-table.tsx';

/** An editor for the store's SQL. */
export function QueryPage() {
  const [info, setInfo] = useState<InfoReply | null>(null);
  const written = place.value.query.get('sql');
  /** null until a statement was written or chosen. Until then, the first example is shown. */
  const [chosen, setStatement] = useState(written);
  const run = useRun();
  const all = info?.examples ?? [];
  useEffect(() => {
    ask<InfoReply>('info', undefined)
      .then(setInfo)
      .catch(() => undefined);
  }, []);
  // The address determines the statement to run, also after the browser's back button.
  useEffect(() => {
    if (written === null) return;
    setStatement(written);
    void run.start(written);
  }, [written]);
  useEffect(() => run.cancel, []);
  const statement = chosen ?? all[0]?.statement ?? '';
  const start = () => {
    if (statement === written) void run.start(statement);
    else show({ sql: statement }, true);
  };
  return (
    <div class="query">
      <aside class="sidebar" aria-label="Examples and history">
        <section>
          <h2>Examples</h2>
          <ul class="examples">
            {all.map((example) => (
              <li key={example.title}>
                <button type="button" onClick={() => setStatement(example.statement)}>
                  {example.title}
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>History</h2>
          <ul class="examples">
            {run.history.map((each) => (
              <li key={each}>
                <button type="button" class="mono" title={each} onClick={() => setStatement(each)}>
                  {each.replaceAll(/\s+/g, ' ').slice(0, 60)}
                </button>
              </li>
            ))}
            {run.history.length === 0 && <li class="muted">Your queries appear here.</li>}
          </ul>
        </section>
      </aside>
      <div class="stage">
        <section class="panel" aria-label="Statement">
          <Editor value={statement} onChange={setStatement} onRun={start} error={run.error} />
          <footer class="bar">
            <button type="button" class="primary" disabled={run.isRunning} onClick={start}>
              Run <kbd>Ctrl ↵</kbd>
            </button>
            {run.isRunning && (
              <button type="button" onClick={run.cancel}>
                Cancel
              </button>
            )}
            <span class="facts" role="status">
              {run.isRunning && 'Running…'}
              {!run.isRunning && run.reply && factsOf(run.reply)}
            </span>
          </footer>
        </section>
        {run.error && (
          <p class="banner" role="alert">
            {run.error.line !== undefined && (
              <b>
                Line {run.error.line}, column {run.error.column}:{' '}
              </b>
            )}
            {run.error.message.replace(/^line \d+:\d+:?\s*/, '')}
          </p>
        )}
        {run.reply && <Result reply={run.reply} />}
        {!run.reply && !run.error && !run.isRunning && (
          <Notice kind="empty" title="No query run yet">
            Write SQL as {info?.engine ?? 'the store'} reads it. The dashboard runs only statements
            that read.
          </Notice>
        )}
      </div>
    </div>
  );
}

function factsOf({ rows, isTruncated, elapsedMs, bytesScanned }: QueryReply): string {
  const cut = isTruncated ? ' (there are more)' : '';
  const scanned = bytesScanned === undefined ? '' : ` · ${formatBytes(bytesScanned)} scanned`;
  return `${formatCount(rows.length)} rows${cut} · ${formatDuration(elapsedMs)}${scanned}`;
}

function Result({ reply }: { readonly reply: QueryReply }) {
  const [isPlotted, setPlotted] = useState(false);
  const table = { columns: reply.columns.map(({ name }) => name), rows: reply.rows };
  const canPlot = isPlottable(reply);
  return (
    <section class="panel" aria-label="Result">
      <header>
        <h2>Result</h2>
        <span class="buttons">
          <button
            type="button"
            class="quiet"
            disabled={!canPlot}
            title={
              canPlot
                ? 'Plot the numbers over the first time column'
                : 'To plot, select a time and a number'
            }
            aria-pressed={isPlotted && canPlot}
            onClick={() => setPlotted(!isPlotted)}
          >
            Plot
          </button>
          <button type="button" class="quiet" onClick={() => saveCsv('result', table)}>
            CSV
          </button>
          <button type="button" class="quiet" onClick={() => saveJson('result', table)}>
            JSON
          </button>
        </span>
      </header>
      {isPlotted && canPlot && <ResultPlot reply={reply} />}
      <ResultTable reply={reply} />
    </section>
  );
}

/** One statement at a time. Starting another one ends the previous one. */
function useRun() {
  const [reply, setReply] = useState<QueryReply | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [history, setHistory] = useState(readHistory);
  const current = useRef<AbortController | null>(null);
  const start = async (statement: string) => {
    current.current?.abort();
    const own = new AbortController();
    current.current = own;
    setRunning(true);
    setError(null);
    setHistory(remember(statement));
    try {
      setReply(await ask<QueryReply>('query', { statement, rowsMax: 2_000 }, own.signal));
    } catch (caught) {
      if (own.signal.aborted) return;
      setReply(null);
      setError(caught instanceof ApiError ? caught : new ApiError({ message: String(caught) }));
    } finally {
      if (current.current === own) setRunning(false);
    }
  };
  const cancel = () => {
    current.current?.abort();
    current.current = null;
    setRunning(false);
  };
  return { reply, error, isRunning, history, start, cancel };
}
