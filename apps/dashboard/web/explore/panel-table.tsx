import type { Table } from '../lib/download.ts';
import { formatNumber, formatTime } from '../lib/format.ts';
import { DataTable } from '../parts/data-table.tsx';
import type { Panel } from './load-panels.ts';

/** Rows that a browser shows without effort. The saved file has them all. */
const shownMax = 500;

/** The content of a chart, as rows. */
export function tableOf({ data, choice }: Panel): Table {
  const rows: (string | number)[][] = [];
  for (const { name, timesMs, means, mins, maxs } of data.groups) {
    for (const [index, timeMs] of timesMs.entries()) {
      const numbers = [means[index] ?? 0, mins[index] ?? 0, maxs[index] ?? 0];
      rows.push([formatTime(timeMs), choice.measure ?? '', name, '', ...numbers]);
    }
  }
  for (const { measure, windows } of data.layers) {
    for (const { startMs, endMs, group, mean, min, max, isFilled } of windows) {
      const kind = isFilled ? `${formatTime(startMs)} (filled)` : formatTime(startMs);
      rows.push([formatTime(endMs), measure, group, kind, mean, min, max]);
    }
  }
  rows.sort((a, b) => (String(a[0]) < String(b[0]) ? 1 : -1));
  return {
    columns: ['time', 'measure', 'group', 'window from', 'mean', 'least', 'greatest'],
    rows,
  };
}

/** The table instead of a chart. */
export function PanelTable({ panel }: { readonly panel: Panel }) {
  const { columns, rows } = tableOf(panel);
  return (
    <DataTable
      label="Values"
      columns={columns.map((name, index) => ({ name, isNumber: index > 3 }))}
      footnote={
        rows.length > shownMax
          ? `The newest ${shownMax} of ${rows.length} rows; the saved file has all rows.`
          : undefined
      }
    >
      {rows.slice(0, shownMax).map((row, index) => (
        <tr key={index}>
          {row.map((cell, at) => (
            <td key={at} class={typeof cell === 'number' ? 'number' : undefined}>
              {typeof cell === 'number' ? formatNumber(cell) : cell}
            </td>
          ))}
        </tr>
      ))}
    </DataTable>
  );
}
