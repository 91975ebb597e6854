import type { ChartData } from '../chart/chart-data.ts';

/** The meaning of a chart's colors and lines. */
export function Legend({ data }: { readonly data: ChartData }) {
  const isColoured = data.groups.length > 1 || data.groups.some(({ name }) => name !== '');
  const isCorrected = data.layers.some(({ windows }) =>
    windows.some(({ firstMean }) => firstMean !== undefined),
  );
  return (
    <ul class="legend">
      {data.groups.map(({ name }, index) => (
        <li key={name}>
          <i data-kind="raw" data-line={String(index % 8)} />
          {isColoured ? name || '(none)' : 'raw points'}
        </li>
      ))}
      {data.layers.map(({ measure, windows }, index) => (
        <li key={measure}>
          <i data-kind="aggregate" data-aggregate={String(index % 3)} />
          {measure}
          {windows.some(({ isFilled }) => isFilled) ? ' (dashed: filled)' : ''}
        </li>
      ))}
      {isCorrected && (
        <li>
          <i data-kind="corrected" />
          as first stored, before late points
        </li>
      )}
    </ul>
  );
}
