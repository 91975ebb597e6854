import type { StoreTable } from '@highwater/model';
import { identifier } from './sql-text.ts';

/** The names and the shape of what one table of the store is made of. */
export interface TableLayout {
  readonly table: StoreTable;
  /** Rows, with a short identifier of their series. Quoted and with the database. */
  readonly rows: string;
  /** What each identifier stands for. Quoted and with the database. */
  readonly series: string;
  /** The same without the database, for the catalog. */
  readonly names: { readonly rows: string; readonly series: string };
  /** The bounds of a window are columns of their own, or every window would make a series. */
  readonly hasWindows: boolean;
  /** What makes an identity. */
  readonly identityColumns: readonly ColumnName[];
  /** In the order in which rows are sent. */
  readonly columns: readonly ColumnName[];
}

/** The types of all columns. Rows are sent in a form that says nothing of them, so they have to be exact. */
export const columnTypes = {
  measure_name: 'LowCardinality(String)',
  series_id: 'UInt128',
  value_type: 'LowCardinality(String)',
  dimensions: 'Map(LowCardinality(String), String)',
  registered_at: "DateTime('UTC')",
  time: "DateTime64(9, 'UTC')",
  window_start: "DateTime64(3, 'UTC')",
  window_end: "DateTime64(3, 'UTC')",
  value: 'Nullable(Float64)',
  value_int: 'Nullable(Int64)',
  value_text: 'Nullable(String)',
  value_bool: 'Nullable(Bool)',
  attributes: 'Map(LowCardinality(String), String)',
  version: 'UInt64',
} as const;

export type ColumnName = keyof typeof columnTypes;

/** What is replaced together when a row is replaced. */
export const valueColumns: readonly ColumnName[] = [
  'value',
  'value_int',
  'value_text',
  'value_bool',
  'attributes',
];

export const seriesColumns: readonly ColumnName[] = [
  'measure_name',
  'series_id',
  'value_type',
  'dimensions',
  'registered_at',
];

/** What one table of the store is called, and which columns it has. */
export function tableLayout(database: string, table: StoreTable): TableLayout {
  const hasWindows = table !== 'raw';
  const windowColumns = hasWindows ? (['window_start', 'window_end'] as const) : [];
  const identityColumns: readonly ColumnName[] = [
    'measure_name',
    'series_id',
    'time',
    ...windowColumns,
  ];
  const names = { rows: table, series: `${table}_series` };
  return {
    table,
    rows: qualified(database, names.rows),
    series: qualified(database, names.series),
    names,
    hasWindows,
    identityColumns,
    columns: [...identityColumns, ...valueColumns, 'version'],
  };
}

/** A name in a database. */
export function qualified(database: string, name: string): string {
  return `${identifier(database)}.${identifier(name)}`;
}
