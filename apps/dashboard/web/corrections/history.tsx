import { useEffect, useState } from 'preact/hooks';
import type { Correction, CorrectionsReply } from '../../src/contract.ts';
import { ask } from '../lib/api.ts';
import { formatClock, formatDuration, formatNumber, formatWindow } from '../lib/format.ts';
import { tick } from '../lib/live.ts';
import { goTo } from '../lib/url-state.ts';
import { seriesLabel } from '../parts/series-label.ts';
import { rowKey } from './correction-key.ts';

/** One stored value, and since when it was known. */
interface Revision {
  readonly number: number;
  readonly value: number;
  readonly knownAtMs: number;
  readonly correction: Correction | undefined;
}

/** The history of one window's value: every revision, and the value known at a moment. */
export function History({ of }: { readonly of: Correction }) {
  const revisions = useRevisions(of);
  const last = revisions.at(-1);
  const [chosen, setChosen] = useState<number | null>(null);
  const index = Math.min(chosen ?? revisions.length - 1, revisions.length - 1);
  const current = revisions[index];
  if (!last || !current) return null;
  return (
    <section class="panel history" aria-label="History of the window">
      <header>
        <h2>{of.measure}</h2>
        <span class="facts">{formatWindow(of.windowStartMs, of.windowEndMs)}</span>
      </header>
      <div class="body">
        <p class="series">{seriesLabel(of.dimensions)}</p>
        <div class="big" aria-live="polite">
          <strong>{formatNumber(current.value)}</strong>
          <span>
            value {current.number} of {last.number}, known since {formatClock(current.knownAtMs)}
          </span>
        </div>
        <Steps revisions={revisions} index={index} />
        <label class="slider">
          <span>As known at</span>
          <input
            type="range"
            min={0}
            max={revisions.length - 1}
            step={1}
            value={index}
            aria-valuetext={`${formatClock(current.knownAtMs)}: ${formatNumber(current.value)}`}
            onInput={(event) => setChosen(Number(event.currentTarget.value))}
          />
        </label>
        <ol class="revisions">
          {revisions.toReversed().map((revision) => (
            <li key={revision.number} aria-current={revision === current ? 'true' : undefined}>
              <button type="button" onClick={() => setChosen(revision.number - 1)}>
                <b>{revision.number}</b>
                <span class="mono">{formatClock(revision.knownAtMs)}</span>
                <strong>{formatNumber(revision.value)}</strong>
                <span class="muted">{reasonOf(revision)}</span>
              </button>
            </li>
          ))}
        </ol>
        <dl class="facts-list">
          {Object.entries(of.dimensions).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <button type="button" class="primary" onClick={() => explore(of)}>
          Show the points of this window
        </button>
      </div>
    </section>
  );
}

function reasonOf({ correction }: Revision): string {
  if (!correction) return 'first value, stored when the window closed';
  const { late, lateByMs, points } = correction;
  return `${late} late, up to ${formatDuration(lateByMs)} after the window; ${points} points`;
}

const width = 320;
const height = 90;

function Steps({
  revisions,
  index,
}: {
  readonly revisions: readonly Revision[];
  readonly index: number;
}) {
  const values = revisions.map(({ value }) => value);
  const least = Math.min(...values);
  const spread = Math.max(...values) - least || 1;
  const step = width / revisions.length;
  const y = (value: number) => height - 12 - ((value - least) / spread) * (height - 24);
  const line = revisions
    .map(({ value }, at) => `${at === 0 ? 'M' : 'L'}${at * step} ${y(value)}H${(at + 1) * step}`)
    .join('');
  const current = revisions[index];
  return (
    <svg
      class="steps"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label="Value after each correction"
    >
      <path d={line} />
      {current && (
        <path class="now" d={`M${index * step} ${y(current.value)}H${(index + 1) * step}`} />
      )}
    </svg>
  );
}

/** The first value is the one that the first correction replaced. */
function useRevisions(of: Correction): readonly Revision[] {
  const [corrections, setCorrections] = useState<readonly Correction[]>([of]);
  const beat = Math.floor((tick.value?.atMs ?? 0) / 6_000);
  useEffect(() => {
    const overtaken = new AbortController();
    const filters = Object.fromEntries(
      Object.entries(of.dimensions).map(([name, value]) => [name, [value]]),
    );
    ask<CorrectionsReply>(
      'corrections',
      {
        fromMs: of.windowStartMs,
        toMs: of.windowEndMs,
        measures: [of.measure],
        filters,
        order: 'window',
        limit: 500,
      },
      overtaken.signal,
    )
      .then((reply) => {
        const own = reply.corrections.filter((each) => rowKey(each) === rowKey(of));
        if (own.length > 0) setCorrections(own);
      })
      .catch(() => undefined);
    return () => overtaken.abort();
  }, [rowKey(of), beat]);
  const oldestFirst = corrections.toReversed();
  const first = oldestFirst[0] ?? of;
  return [
    { number: 1, value: first.from, knownAtMs: first.windowEndMs, correction: undefined },
    ...oldestFirst.map((correction, at) => ({
      number: at + 2,
      value: correction.to,
      knownAtMs: correction.knownAtMs,
      correction,
    })),
  ];
}

function explore({ measure, dimensions, windowStartMs, windowEndMs }: Correction): void {
  const aroundMs = windowEndMs - windowStartMs;
  goTo('/explore', {
    from: String(windowStartMs - aroundMs),
    to: String(windowEndMs + aroundMs),
    range: null,
    m: measure.replace(/^[a-z0-9]+_/, ''),
    a: measure,
    where: Object.entries(dimensions).map(([name, value]) => `${name}:${value}`),
  });
}
