import type { Name } from '../sql/ast/nodes.ts';
import { SqlError, type Position } from '../sql/sql-error.ts';
import type { Column, ValueType } from '../store/catalog-types.ts';
import type { Catalog } from '../store/catalog.ts';
import type { TableState } from '../store/table-state.ts';
import { types, type SqlType } from '../types/sql-type.ts';
import type { StatementContext } from './compile-context.ts';
import type { RelationPlan } from './relation-plan.ts';
import type { ScopeColumn } from './scope.ts';

/** Of a whole record, as WriteRecords takes it. */
const storedTextBytesMax = 2048;

/**
 * A stored table. Its rows are joined with their series only if a dimension or the measure name is
 * used: an average over all series reads the rows alone.
 */
export function tableRelation(
  parts: readonly Name[],
  at: Position,
  { catalog, unique }: StatementContext,
): RelationPlan {
  const table = findQueryTable(parts, at, catalog);
  const alias = unique('t');
  const used = { series: false };
  const column = (name: string, type: SqlType, physical: string, isOfSeries: boolean) => ({
    name,
    type,
    bytesMax: type.kind === 'varchar' ? storedTextBytesMax : undefined,
    qualifier: table.info.name,
    database: table.info.databaseName,
    stored: { database: table.info.databaseName, table: table.info.name },
    reference: () => {
      used.series ||= isOfSeries;
      return `${alias}.${physical}`;
    },
  });
  const columns: readonly ScopeColumn[] = [
    ...table
      .committedOf('dimension')
      .map(({ name, physical }) => column(name, types.varchar, physical, true)),
    column('measure_name', types.varchar, 'measure_name', true),
    column('time', types.timestamp, '"time"', false),
    ...valueColumns(table).map(({ name, type, physical }) =>
      column(name, valueSqlType(type), physical, false),
    ),
  ];
  return { columns, sql: () => tableSql(table, alias, used.series) };
}

/** Single-measure columns first, each kind in the order of its first appearance. */
export function valueColumns(table: TableState): readonly Column[] {
  return [...table.committedOf('single'), ...table.committedOf('multi')];
}

/** The SQL type of a stored value. */
export function valueSqlType(type: ValueType): SqlType {
  switch (type) {
    case 'DOUBLE':
      return types.double;
    case 'BIGINT':
      return types.bigint;
    case 'VARCHAR':
      return types.varchar;
    case 'BOOLEAN':
      return types.boolean;
    case 'TIMESTAMP':
      return types.timestamp;
  }
}

/** @throws {SqlError} when there is no such table */
export function findQueryTable(parts: readonly Name[], at: Position, catalog: Catalog): TableState {
  const [database, table] = parts;
  if (!database || !table || parts.length !== 2) {
    throw new SqlError(
      at,
      `Table '${parts.map(({ text }) => text).join('.')}' needs a database: "database"."table"`,
    );
  }
  const identifier = `${database.text}.${table.text}`;
  if (!catalog.database(database.text)) {
    throw notFound(at, `database '${database.text}'`, identifier);
  }
  const found = catalog.table(database.text, table.text);
  if (found) return found;
  throw notFound(at, `table '${table.text}'`, identifier);
}

/** As captured for databases, and by analogy for tables. */
export function notFound(at: Position, what: string, identifier: string): SqlError {
  const problem = `Requested ${what} not found for identifier '${identifier}'`;
  return new SqlError(at, problem, { place: 'last' });
}

function tableSql(table: TableState, alias: string, isWithSeries: boolean): string {
  if (!isWithSeries) return `${table.rowsTable} AS ${alias}`;
  const dimensions = table.committedOf('dimension').map(({ physical }) => `s.${physical}`);
  const values = valueColumns(table).map(({ physical }) => `r.${physical}`);
  const all = ['r."time"', 's.measure_name', ...dimensions, ...values].join(', ');
  return `(SELECT ${all} FROM ${table.rowsTable} AS r JOIN ${table.seriesTable} AS s ON r.series = s.id) AS ${alias}`;
}
