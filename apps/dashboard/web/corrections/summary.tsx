import type { Correction } from '../../src/contract.ts';
import { formatCount, formatDuration } from '../lib/format.ts';
import { currentSpan } from '../lib/range.ts';

const barsCount = 60;

/** A range of corrections in four numbers, and a small chart of their times. */
export function Summary({ corrections }: { readonly corrections: readonly Correction[] }) {
  const { fromMs, toMs } = currentSpan();
  const bars = Array.from({ length: barsCount }, () => 0);
  for (const { knownAtMs } of corrections) {
    const at = Math.floor(((knownAtMs - fromMs) / (toMs - fromMs)) * barsCount);
    if (at >= 0 && at < barsCount) bars[at] = (bars[at] ?? 0) + 1;
  }
  const highest = Math.max(1, ...bars);
  const lateness = corrections.map(({ lateByMs }) => lateByMs).toSorted((a, b) => a - b);
  const latest = corrections.reduce((sum, { late }) => sum + late, 0);
  const windows = new Set(
    corrections.map(({ measure, windowStartMs }) => `${measure} ${windowStartMs}`),
  );
  const largest = Math.max(
    ...corrections.map(({ from, to }) => (from === 0 ? 0 : Math.abs((to - from) / from))),
  );
  return (
    <div class="figures">
      <Figure
        name="Corrections"
        value={formatCount(corrections.length)}
        note={`${windows.size} windows`}
      />
      <Figure name="Late points" value={formatCount(latest)} note="now included in their windows" />
      <Figure
        name="How late, median"
        value={formatDuration(lateness[Math.floor(lateness.length / 2)] ?? null)}
        note={`at most ${formatDuration(lateness.at(-1) ?? null)}`}
      />
      <Figure
        name="Largest change"
        value={`${(largest * 100).toFixed(1)} %`}
        note="of the previous value"
      />
      <div class="figure wide">
        <span>Arrival of late points</span>
        <svg
          viewBox={`0 0 ${barsCount * 4} 40`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Corrections over time; at most ${highest} per sixtieth of the range`}
        >
          {bars.map((count, index) => (
            <rect
              key={index}
              x={index * 4}
              y={40 - (count / highest) * 38}
              width="3"
              height={Math.max(count > 0 ? 1.5 : 0.5, (count / highest) * 38)}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

function Figure({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}) {
  return (
    <div class="figure">
      <span>{name}</span>
      <strong>{value}</strong>
      <small>{note}</small>
    </div>
  );
}
