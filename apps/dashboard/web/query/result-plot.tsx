import type { PointGroup, QueryReply } from '../../src/contract.ts';
import type { ChartData } from '../chart/chart-data.ts';
import { TimeChart } from '../chart/time-chart.tsx';
import { columnKind, columnTimeMs } from './column-kind.ts';

const groupsMax = 8;

/** A result with a time and a number can be drawn. */
export function isPlottable({ columns, rows }: QueryReply): boolean {
  return (
    rows.length > 1 &&
    columns.some(({ type }) => columnKind(type) === 'time') &&
    columns.some(({ type }) => columnKind(type) === 'number')
  );
}

/**
 * A result over its first time column, with a line for each number, or for each value of the first
 * text.
 */
export function ResultPlot({ reply }: { readonly reply: QueryReply }) {
  const data = plotOf(reply);
  return (
    <div class="plot">
      <ul class="legend">
        {data.groups.map(({ name }, index) => (
          <li key={name}>
            <i data-kind="raw" data-line={String(index)} />
            {name}
          </li>
        ))}
      </ul>
      <TimeChart data={data} label="The result over time" height={260} canZoom={false} />
    </div>
  );
}

function plotOf({ columns, rows }: QueryReply): ChartData {
  const kinds = columns.map(({ type }) => columnKind(type));
  const at = kinds.indexOf('time');
  const text = kinds.indexOf('text');
  const groups = new Map<string, { timeMs: number; value: number }[]>();
  for (const row of rows) {
    const timeMs = columnTimeMs(row[at] ?? '');
    for (const [index, { name }] of columns.entries()) {
      const cell = row[index];
      if (kinds[index] !== 'number' || cell === null || cell === undefined || Number.isNaN(timeMs))
        continue;
      const key = text < 0 ? name : `${row[text] ?? ''} ${name}`;
      const found = groups.get(key) ?? [];
      groups.set(key, found);
      found.push({ timeMs, value: Number(cell) });
    }
  }
  const drawn = [...groups].slice(0, groupsMax).map(([name, points]): PointGroup => {
    const sorted = points.toSorted((a, b) => a.timeMs - b.timeMs);
    const values = sorted.map(({ value }) => value);
    return {
      name,
      timesMs: sorted.map(({ timeMs }) => timeMs),
      mins: values,
      maxs: values,
      means: values,
      pointsCount: values.length,
    };
  });
  const times = drawn.flatMap(({ timesMs }) => timesMs);
  const fromMs = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const toMs = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return {
    span: { fromMs, toMs: Math.max(toMs, fromMs + 1_000) },
    binMs: 0,
    groups: drawn,
    layers: [],
  };
}
