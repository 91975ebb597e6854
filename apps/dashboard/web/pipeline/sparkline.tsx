import type { PipelineSample } from '../../src/contract.ts';
import { formatCount } from '../lib/format.ts';

const width = 160;
const height = 34;

/** One value and its history in the last quarter of an hour. */
export function Sparkline({
  name,
  unit,
  history,
  field,
}: {
  readonly name: string;
  readonly unit: string;
  readonly history: readonly PipelineSample[];
  readonly field: Exclude<keyof PipelineSample, 'atMs'>;
}) {
  const values = history.flatMap((sample) => sample[field] ?? []);
  const now = history.at(-1)?.[field] ?? null;
  const highest = Math.max(1e-9, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) => `${index * step},${height - 2 - (value / highest) * (height - 5)}`,
  );
  return (
    <div class="figure">
      <span>{name}</span>
      <strong>
        {formatCount(now)} <small>{unit}</small>
      </strong>
      {values.length > 1 && (
        <svg
          class="spark"
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${name}, recent maximum ${formatCount(highest)} ${unit}`}
        >
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
          <polyline points={points.join(' ')} />
        </svg>
      )}
    </div>
  );
}
