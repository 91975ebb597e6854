import type { NestedQuery, Query, QueryBody, SetOperation, Values } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { commonType } from '../types/coercion.ts';
import { typeText, types, type SqlType } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import {
  newFindings,
  type CompiledQuery,
  type NamedQuery,
  type OutputColumn,
  type QueryAround,
  type StatementContext,
} from './compile-context.ts';
import { compileSelect, outputOf } from './compile-select.ts';
import { Scope } from './scope.ts';
import { sortKey } from './sort-sql.ts';

/** Compiles a query with its WITH, ORDER BY, and LIMIT. */
export function compileQuery(
  query: Query,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  const own: NamedQuery[] = [];
  const definitions: string[] = [];
  for (const item of query.with) {
    const inner = { ...around, named: [...around.named, ...own] };
    const compiled = compileQuery(item.query, statement, inner);
    const physical = statement.unique('w');
    own.push({ name: item.name, physical, columns: renamed(item, compiled.columns) });
    definitions.push(`${physical} AS (${compiled.sql})`);
  }
  const inner = { ...around, named: [...around.named, ...own] };
  const body = compileBody(query, statement, inner);
  const clauses = [
    definitions.length > 0 ? `WITH ${definitions.join(', ')}` : '',
    body.sql,
    query.limit === undefined ? '' : `LIMIT ${count(query, query.limit)}`,
    query.offset === undefined ? '' : `OFFSET ${count(query, query.offset)}`,
  ];
  return { sql: clauses.filter((clause) => clause !== '').join(' '), columns: body.columns };
}

function count({ at }: Query, text: string): string {
  if (BigInt(text) < 2n ** 63n) return text;
  throw new SqlError(at, `Invalid row count: ${text}`);
}

function renamed(
  { name, columns: names }: Query['with'][number],
  columns: readonly OutputColumn[],
): readonly OutputColumn[] {
  if (names.length === 0) return columns;
  if (names.length !== columns.length) {
    const message = `Column alias list has ${names.length} entries but WITH query(${name.text}) has ${columns.length} columns`;
    throw new SqlError(name.at, message);
  }
  return columns.map((column, at) => ({ ...column, name: names[at]?.text }));
}

function compileBody(
  { body, orderBy }: Query,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  if (body.kind === 'select') return compileSelect(body, orderBy, statement, around);
  const compiled = compileTerm(body, statement, around);
  if (orderBy.length === 0) return compiled;
  const items = compiled.columns.map((output) => ({ output }));
  const scope = new Scope(
    compiled.columns.map(({ name, type, physical }) => ({
      name,
      type,
      reference: () => physical,
    })),
    around.scope,
  );
  const context = {
    statement,
    scope,
    named: around.named,
    windows: new Map(),
    found: newFindings(),
    noAggregates: 'ORDER BY clause',
  };
  const keys = orderBy.map((item) => {
    const output = outputOf(item.expression, items)?.output.physical;
    return sortKey(output ?? statement.expression(item.expression, context).sql, item);
  });
  return { ...compiled, sql: `SELECT * FROM (${compiled.sql}) ORDER BY ${keys.join(', ')}` };
}

function compileTerm(
  body: QueryBody,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, [], statement, around);
    case 'nested':
      return compileNested(body, statement, around);
    case 'values':
      return compileValues(body, statement, around);
    case 'set':
      return compileSet(body, statement, around);
  }
}

function compileNested(
  { query }: NestedQuery,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  const { sql, columns } = compileQuery(query, statement, around);
  return { sql: `SELECT * FROM (${sql})`, columns };
}

/** Both sides in the same types, with the names of the left one. */
function compileSet(
  { operator, isAll, left, right, at }: SetOperation,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  const [a, b] = [compileTerm(left, statement, around), compileTerm(right, statement, around)];
  if (a.columns.length !== b.columns.length) {
    throw new SqlError(
      at,
      `${operator} query has different number of fields: ${a.columns.length}, ${b.columns.length}`,
    );
  }
  const columns = a.columns.map(({ name, type }, index) => {
    const other = b.columns[index]?.type ?? types.unknown;
    const common = commonType(type, other);
    if (common) return { name, type: common, physical: statement.unique('q') };
    throw new SqlError(
      at,
      `column ${index + 1} in ${operator} query has incompatible types: ${typeText(type)}, ${typeText(other)}`,
    );
  });
  const all = isAll ? ' ALL' : '';
  return { sql: `${side(a, columns)} ${operator}${all} ${side(b, columns)}`, columns };
}

function side({ sql, columns }: CompiledQuery, outputs: readonly OutputColumn[]): string {
  const items = columns.map(({ physical, type }, at) => {
    const output = outputs[at];
    return output
      ? `${coerce({ sql: physical, type }, output.type).sql} AS ${output.physical}`
      : physical;
  });
  return `(SELECT ${items.join(', ')} FROM (${sql}))`;
}

function compileValues(
  { rows, at }: Values,
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  const context = {
    statement,
    scope: new Scope([], around.scope),
    named: around.named,
    windows: new Map(),
    found: newFindings(),
    noAggregates: 'VALUES',
    noWindows: 'VALUES',
  };
  const compiled = rows.map((row): readonly Typed[] => {
    const items = row.kind === 'row' ? row.items : [row];
    return items.map((item) => statement.expression(item, context));
  });
  const width = compiled[0]?.length ?? 0;
  if (compiled.some((row) => row.length !== width)) {
    throw new SqlError(at, 'Values rows have mismatched sizes');
  }
  const columns = Array.from({ length: width }, (_, index) => ({
    name: undefined,
    type: columnType(
      compiled.map((row) => row[index]),
      at,
    ),
    physical: statement.unique('q'),
  }));
  const lines = compiled.map((row) => {
    const values = row.map((value, index) => coerce(value, columns[index]?.type ?? value.type).sql);
    return `(${values.join(', ')})`;
  });
  const names = columns.map(({ physical }) => physical).join(', ');
  return {
    sql: `SELECT * FROM (VALUES ${lines.join(', ')}) AS ${statement.unique('t')}(${names})`,
    columns,
  };
}

function columnType(values: readonly (Typed | undefined)[], at: Values['at']): SqlType {
  let type: SqlType = types.unknown;
  for (const value of values) {
    const common = commonType(type, value?.type ?? types.unknown);
    if (!common) {
      throw new SqlError(
        at,
        `Values rows have mismatched types: ${typeText(type)}, ${typeText(value?.type ?? types.unknown)}`,
      );
    }
    type = common;
  }
  return type;
}
