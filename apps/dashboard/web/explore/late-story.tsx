import { formatDuration, formatNumber } from '../lib/format.ts';
import { goTo } from '../lib/url-state.ts';
import type { Panel } from './load-panels.ts';

/** One sentence about the effect of late points on the windows in a panel. */
export function LateStory({ panel }: { readonly panel: Panel }) {
  const { data, marks, choice } = panel;
  const windows = data.layers.flatMap((layer) => layer.windows);
  const latestMs = Math.max(
    0,
    ...marks.flatMap(({ corrections }) => corrections.map(({ lateByMs }) => lateByMs)),
  );
  if (windows.length === 0) return null;
  if (marks.length === 0) {
    return <p class="story">No late point has changed these windows.</p>;
  }
  const [most] = windows
    .flatMap(({ firstMean, mean }) =>
      firstMean === undefined ? [] : [{ from: firstMean, to: mean }],
    )
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from));
  return (
    <p class="story">
      <i data-kind="corrected" /> Late points changed{' '}
      <b>
        {marks.length} of {Math.max(marks.length, windowsCount(windows))} windows
      </b>
      {most && (
        <>
          , the most from <s>{formatNumber(most.from)}</s> to <b>{formatNumber(most.to)}</b>
          {most.from !== 0 && ` (${signed(((most.to - most.from) / Math.abs(most.from)) * 100)} %)`}
        </>
      )}
      . The latest arrived {formatDuration(latestMs)} after its window had ended.{' '}
      <button
        type="button"
        class="link"
        onClick={() => goTo('/corrections', { cm: choice.aggregates[0] ?? null })}
      >
        Show all corrections
      </button>
    </p>
  );
}

function windowsCount(windows: readonly { readonly startMs: number; readonly endMs: number }[]) {
  return new Set(windows.map(({ startMs, endMs }) => `${startMs} ${endMs}`)).size;
}

function signed(percent: number): string {
  const text = Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0);
  return `${percent < 0 ? '−' : '+'}${text}`;
}
