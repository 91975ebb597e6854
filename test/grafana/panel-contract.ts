import type { QueryResult, RowReader } from '@highwater/model';
import type { StoreAddress } from '@highwater/settings';
import { expect } from 'vitest';
import type { FilledStore } from '../store-contract/filled-store.ts';
import { panelStatements } from './row-dashboards.ts';

/** What is shown, and of which rows. */
export interface Shown {
  readonly engine: StoreAddress['engine'];
  readonly reader: RowReader;
  readonly filled: FilledStore;
}

interface PanelLaw {
  readonly title: string;
  readonly hold: (shown: Shown) => Promise<void>;
}

const measure = 'avg_cpu_user';
const dimension = 'region';
const tableRowsMax = 100;

/** What each panel of a dashboard of rows has to show, whatever the store. */
export const panelContract: readonly PanelLaw[] = [
  {
    title: 'Average of the measure',
    async hold(shown) {
      const { columns, rows } = await ask(shown, 'Average of the measure');
      expect(columns.map(({ name }) => name)).toEqual(['time', dimension, 'value']);
      const groups = Map.groupBy(viewRows(shown.filled), ({ timeMs, dimensions }) =>
        JSON.stringify([timeMs, dimensions[dimension]]),
      );
      expect(rows).toHaveLength(groups.size);
      const averages = [...groups.values()].map((group) =>
        mean(group.map(({ value = Number.NaN }) => value)),
      );
      expect(rounded(rows.map((row) => Number(row[2])))).toEqual(rounded(averages));
    },
  },
  {
    title: 'Raw points per minute',
    async hold(shown) {
      const { columns, rows } = await ask(shown, 'Raw points per minute');
      expect(columns.map(({ name }) => name)).toEqual(['minute', 'measure_name', 'points']);
      const raw = shown.filled.rows.filter(({ table }) => table === 'raw');
      expect(countsByMeasure(rows)).toEqual(countsOf(raw));
    },
  },
  {
    title: 'Corrections per minute',
    async hold(shown) {
      const { columns, rows } = await ask(shown, 'Corrections per minute');
      expect(columns.map(({ name }) => name)).toEqual(['minute', 'measure_name', 'corrections']);
      expect(countsByMeasure(rows)).toEqual(countsOf(shown.filled.corrections));
    },
  },
  {
    title: 'Newest rows of the measure',
    async hold(shown) {
      const { columns, rows } = await ask(shown, 'Newest rows of the measure');
      const names = columns.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['time', dimension, 'window_start', 'window_end']),
      );
      expect(rows).toHaveLength(Math.min(tableRowsMax, viewRows(shown.filled).length));
    },
  },
  {
    title: 'Newest corrections',
    async hold(shown) {
      const { columns, rows } = await ask(shown, 'Newest corrections');
      const names = columns.map(({ name }) => name);
      expect(names).toEqual([
        'time',
        'measure_name',
        dimension,
        'window_start',
        'from',
        'to',
        'added',
        'late_by_ms',
      ]);
      const newest = shown.filled.corrections
        .toSorted((a, b) => b.knownAtMs - a.knownAtMs)
        .slice(0, tableRowsMax);
      expect(rows.map((row) => Number(row[7]))).toHaveLength(newest.length);
      const lastMs = newest.at(-1)?.knownAtMs ?? 0;
      // Those of one moment come in any order, and the last moment may be cut off.
      const changes = newest
        .filter(({ knownAtMs }) => knownAtMs > lastMs)
        .map(({ from, to, added, lateByMs }) => JSON.stringify([from, to, added, lateByMs]));
      const shownChanges = rows.map((row) => JSON.stringify(row.slice(4).map(Number)));
      expect(shownChanges).toEqual(expect.arrayContaining(changes));
    },
  },
];

async function ask({ engine, reader, filled }: Shown, panel: string): Promise<QueryResult> {
  const { fromMs, toMs } = filled;
  const statements = panelStatements(engine, { measure, dimension, fromMs, toMs });
  const { signal } = new AbortController();
  return reader.query(statements.get(panel) ?? '', { rowsMax: 10_000, signal });
}

function viewRows({ rows }: FilledStore) {
  return rows.filter((row) => row.measure === measure);
}

function countsByMeasure(rows: QueryResult['rows']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, name, count] of rows) {
    counts[String(name)] = (counts[String(name)] ?? 0) + Number(count);
  }
  return counts;
}

function countsOf(rows: readonly { readonly measure: string }[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(rows, ({ measure: name }) => name);
  return Object.fromEntries([...groups].map(([name, group]) => [name, group.length]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sums of doubles depend on their order. */
function rounded(values: readonly number[]): readonly string[] {
  return values.map((value) => value.toFixed(6)).toSorted();
}
