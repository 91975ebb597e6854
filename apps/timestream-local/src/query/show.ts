import type { Name, Query } from '../sql/ast/nodes.ts';
import type { Statement } from '../sql/ast/statement.ts';
import type { Catalog } from '../store/catalog.ts';
import type { TableState } from '../store/table-state.ts';
import { findQueryTable, notFound, valueColumns, valueSqlType } from '../compile/table-relation.ts';
import { typeText, types, type SqlType } from '../types/sql-type.ts';
import type { Datum } from './encode-datum.ts';
import { isLike } from './is-like.ts';

/** A statement's answer that needs no query. */
export interface Shown {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly rows: readonly (readonly Datum[])[];
}

/** The dimensions that series of a measure have, by measure name. */
export type DimensionsOf = (table: TableState) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Answers SHOW and DESCRIBE from the catalog. */
export async function show(
  statement: Exclude<Statement, Query>,
  catalog: Catalog,
  dimensionsOf: DimensionsOf,
): Promise<Shown> {
  switch (statement.kind) {
    case 'showDatabases': {
      const names = catalog.databases().map(({ name }) => name);
      return oneColumn('Database', filter(names, statement.like));
    }
    case 'showTables':
      return oneColumn('Table', filter(tableNames(statement.database, catalog), statement.like));
    case 'showMeasures': {
      const table = findQueryTable(statement.table, statement.at, catalog);
      return showMeasures(table, statement.like, await dimensionsOf(table));
    }
    case 'describe':
      return describe(findQueryTable(statement.table, statement.at, catalog));
  }
}

const text = (value: string): Datum => ({ ScalarValue: value });

function oneColumn(name: string, values: readonly string[]): Shown {
  return { columns: [{ name, type: types.varchar }], rows: values.map((value) => [text(value)]) };
}

function filter(names: readonly string[], like: string | undefined): readonly string[] {
  return like === undefined ? names : names.filter((name) => isLike(name, like));
}

function tableNames(database: Name | undefined, catalog: Catalog): readonly string[] {
  if (database && !catalog.database(database.text)) {
    throw notFound(database.at, `database '${database.text}'`, database.text);
  }
  const names = database ? [database.text] : catalog.databases().map(({ name }) => name);
  return names.flatMap((name) => catalog.tables(name).map(({ info }) => info.name));
}

const dimensionsType = types.array(
  types.row([
    { name: 'dimension_name', type: types.varchar },
    { name: 'data_type', type: types.varchar },
  ]),
);

function showMeasures(
  table: TableState,
  like: string | undefined,
  dimensions: ReadonlyMap<string, readonly string[]>,
): Shown {
  const names = filter([...table.measures.keys()].toSorted(), like);
  return {
    columns: [
      { name: 'measure_name', type: types.varchar },
      { name: 'data_type', type: types.varchar },
      { name: 'dimensions', type: dimensionsType },
    ],
    rows: names.map((name) => [
      text(name),
      text((table.measures.get(name) ?? '').toLowerCase()),
      {
        ArrayValue: (dimensions.get(name) ?? []).map((dimension) => ({
          RowValue: { Data: [text(dimension), text('varchar')] },
        })),
      },
    ]),
  };
}

function describe(table: TableState): Shown {
  const rows = [
    ...table.committedOf('dimension').map(({ name }) => [name, 'varchar', 'DIMENSION']),
    ['measure_name', 'varchar', 'MEASURE_NAME'],
    ['time', 'timestamp', 'TIMESTAMP'],
    ...valueColumns(table).map(({ name, type, role }) => [
      name,
      typeText(valueSqlType(type)),
      role === 'multi' ? 'MULTI' : 'MEASURE_VALUE',
    ]),
  ];
  return {
    columns: ['Column', 'Type', 'Timestream attribute type'].map((name) => ({
      name,
      type: types.varchar,
    })),
    rows: rows.map((row) => row.map(text)),
  };
}
