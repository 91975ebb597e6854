import { useState } from 'preact/hooks';
import { formatClock, formatDuration, formatNumber, formatWindow } from '../lib/format.ts';
import type { Span } from '../lib/range.ts';
import { seriesLabel } from '../parts/series-label.ts';
import { axisWidth, endWidth } from './time-chart.tsx';
import type { WindowMark } from './chart-data.ts';

/** Maximum corrections of one window in a card. */
const listedMax = 3;

/**
 * A tick under every window that late points have changed, with its previous value on hover or
 * focus.
 */
export function Marks({
  marks,
  span,
  onOpen,
}: {
  readonly marks: readonly WindowMark[];
  readonly span: Span;
  readonly onOpen: (mark: WindowMark) => void;
}) {
  const [at, setAt] = useState<number | null>(null);
  const lengthMs = span.toMs - span.fromMs;
  const visible = marks.filter(({ startMs, endMs }) => endMs > span.fromMs && startMs < span.toMs);
  const shown = at === null ? undefined : visible.find(({ startMs }) => startMs === at);
  const place = (timeMs: number) =>
    Math.min(100, Math.max(0, ((timeMs - span.fromMs) / lengthMs) * 100));
  return (
    <div
      class="marks"
      style={{ marginLeft: `${axisWidth}px`, marginRight: `${endWidth}px` }}
      onMouseLeave={() => setAt(null)}
    >
      {visible.map((mark) => {
        const left = place(mark.startMs);
        return (
          <button
            key={mark.startMs}
            type="button"
            style={{ left: `${left}%`, width: `${Math.max(0.4, place(mark.endMs) - left)}%` }}
            aria-label={`Window ${formatWindow(mark.startMs, mark.endMs)}: ${mark.corrections.length} corrections`}
            onMouseEnter={() => setAt(mark.startMs)}
            onFocus={() => setAt(mark.startMs)}
            onBlur={() => setAt(null)}
            onClick={() => onOpen(mark)}
          >
            <i aria-hidden="true" />
          </button>
        );
      })}
      {shown && <MarkCard mark={shown} left={place((shown.startMs + shown.endMs) / 2)} />}
    </div>
  );
}

function MarkCard({ mark, left }: { readonly mark: WindowMark; readonly left: number }) {
  const { corrections, startMs, endMs } = mark;
  const rows = corrections.slice(0, listedMax);
  return (
    <div
      class="card markcard"
      data-side={left > 55 ? 'left' : 'right'}
      style={{ left: `${left}%` }}
    >
      <strong>{formatWindow(startMs, endMs)}</strong>
      <span class="muted">
        {' '}
        corrected {corrections.length} {corrections.length === 1 ? 'time' : 'times'}
      </span>
      {rows.map((each, index) => (
        <div key={index} class="change">
          <span class="muted">
            {formatClock(each.knownAtMs)} · {seriesLabel(each.dimensions)} · value{' '}
            {revisionIn(mark, each)}
          </span>
          <span>
            <s>{formatNumber(each.from)}</s> → <b>{formatNumber(each.to)}</b>
          </span>
          <span class="muted">
            {each.late} late, up to {formatDuration(each.lateByMs)} after the window; {each.points}{' '}
            points in total
          </span>
        </div>
      ))}
      {corrections.length > listedMax && (
        <span class="muted">and {corrections.length - listedMax} more</span>
      )}
    </div>
  );
}

/** The first stored value is revision 1, and each correction adds one. */
function revisionIn({ corrections }: WindowMark, one: WindowMark['corrections'][number]): number {
  const label = JSON.stringify([one.measure, one.dimensions]);
  const earlier = corrections.filter(
    ({ measure, dimensions, knownAtMs }) =>
      knownAtMs < one.knownAtMs && JSON.stringify([measure, dimensions]) === label,
  );
  return earlier.length + 2;
}
