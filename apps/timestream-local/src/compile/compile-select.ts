import type {
  Expression,
  GroupingElement,
  Name,
  Query,
  Select,
  SelectItem,
  SortItem,
} from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { checkGrouped } from './check-grouped.ts';
import { childrenOf } from './children-of.ts';
import {
  newFindings,
  type CompiledQuery,
  type ExpressionContext,
  type OutputColumn,
  type QueryAround,
  type StatementContext,
} from './compile-context.ts';
import { compileRelation } from './compile-relation.ts';
import { isTry } from './computed-outside.ts';
import { condition } from './predicates.ts';
import type { RelationPlan } from './relation-plan.ts';
import { Scope, isNamed, type ScopeColumn } from './scope.ts';
import { keySql, sortKey } from './sort-sql.ts';

/** One item of a select list, after stars are expanded. */
interface Item {
  /** Absent for a column of a star. */
  readonly node?: Expression | undefined;
  readonly column?: ScopeColumn | undefined;
  readonly sql: string;
  readonly output: OutputColumn;
}

/** A SELECT with the ORDER BY of the query that it is the body of. */
export function compileSelect(
  select: Select,
  orderBy: Query['orderBy'],
  statement: StatementContext,
  around: QueryAround,
): CompiledQuery {
  const from: RelationPlan | undefined =
    select.from && compileRelation(select.from, { statement, around });
  const context = selectContext(select, from, statement, around);
  const where =
    select.where && condition(select.where, { ...context, ...no('WHERE clause') }, 'WHERE clause');
  const ungrouped = select.items.flatMap((item) => compileItem(item, context));
  const grouping = compileGrouping(select.groupBy, ungrouped, context);
  const grouped = { ...context, groupKeys: grouping.keys };
  const items = ungrouped.map((item) => triedOfKeys(item, grouped));
  const having =
    select.having &&
    condition(select.having, { ...grouped, noWindows: 'HAVING clause' }, 'HAVING clause');
  const order = orderBy.map((item) => compileSort(item, items, select, grouped));
  if (isGrouped(select, context)) {
    checkAll(select, items, order, { keys: grouping.keys, found: context.found });
  }
  const clauses = [
    `SELECT ${select.isDistinct ? 'DISTINCT ' : ''}${items.map(itemSql).join(', ')}`,
    from ? `FROM ${from.sql()}` : '',
    where === undefined ? '' : `WHERE ${where}`,
    grouping.sql === '' ? '' : `GROUP BY ${grouping.sql}`,
    having === undefined ? '' : `HAVING ${having}`,
    order.length > 0 ? `ORDER BY ${order.map(({ sql }) => sql).join(', ')}` : '',
  ];
  return {
    sql: clauses.filter((clause) => clause !== '').join(' '),
    columns: items.map(({ output }) => output),
  };
}

const no = (place: string) => ({ noAggregates: place, noWindows: place });

function selectContext(
  select: Select,
  from: RelationPlan | undefined,
  statement: StatementContext,
  around: QueryAround,
): ExpressionContext {
  return {
    statement,
    scope: new Scope(from?.columns ?? [], around.scope),
    named: around.named,
    windows: namedWindows(select.windows),
    found: newFindings(),
  };
}

/** @throws {SqlError} when a window builds on one that is not defined before it */
function namedWindows(windows: Select['windows']): ExpressionContext['windows'] {
  const known = new Map<string, Select['windows'][number]['spec']>();
  for (const { name, spec } of windows) {
    if (spec.base && !known.has(spec.base.text.toLowerCase())) {
      throw new SqlError(spec.base.at, `Cannot resolve WINDOW name ${spec.base.text}`);
    }
    known.set(name.text.toLowerCase(), spec);
  }
  return known;
}

function itemSql({ sql, output }: Item): string {
  return `${sql} AS ${output.physical}`;
}

function compileItem(item: SelectItem, context: ExpressionContext): readonly Item[] {
  const { unique } = context.statement;
  if (item.kind === 'star') return expandStar(item, context);
  const { sql, type, bytesMax } = context.statement.expression(item.expression, context);
  const name = item.alias?.text ?? outputName(item.expression, context.found.columns);
  const origin = originOf(context.found.columns.get(item.expression), item.alias !== undefined);
  const output = { name, type, bytesMax, physical: unique('q'), origin };
  return [{ node: item.expression, sql, output }];
}

/** DuckDB recognizes keys everywhere except within TRY. */
function triedOfKeys(
  item: Item,
  context: ExpressionContext & { groupKeys: ReadonlySet<string> },
): Item {
  const { node } = item;
  const { groupKeys } = context;
  if (!node || groupKeys.size === 0 || groupKeys.has(item.sql) || !containsTry(node)) return item;
  return { ...item, sql: context.statement.expression(node, context).sql };
}

function containsTry(node: Expression): boolean {
  return isTry(node) || childrenOf(node).some(containsTry);
}

function originOf(column: ScopeColumn | undefined, isAliased: boolean): OutputColumn['origin'] {
  return column?.stored && { ...column.stored, isAliased };
}

function expandStar(
  { qualifier, at }: Extract<SelectItem, { kind: 'star' }>,
  { scope, statement }: ExpressionContext,
): readonly Item[] {
  const columns = qualifier
    ? scope.columns.filter((column) => isNamed(column.qualifier, qualifier))
    : scope.columns;
  if (columns.length === 0) {
    const problem = qualifier
      ? `Unable to resolve reference ${qualifier.text}.*`
      : 'SELECT * not allowed in queries without FROM clause';
    throw new SqlError(at, problem);
  }
  return columns.map((column) => ({
    column,
    sql: column.reference(),
    output: {
      name: column.name,
      type: column.type,
      bytesMax: column.bytesMax,
      physical: statement.unique('q'),
      origin: originOf(column, false),
    },
  }));
}

interface Grouping {
  readonly sql: string;
  /** SQL of every expression that is a key. */
  readonly keys: ReadonlySet<string>;
}

function compileGrouping(
  elements: readonly GroupingElement[],
  items: readonly Item[],
  context: ExpressionContext,
): Grouping {
  const keys = new Set<string>();
  const key = (expression: Expression): string => {
    const sql = groupingKey(expression, items, context);
    keys.add(sql);
    return keySql(sql);
  };
  const set = (expressions: readonly Expression[]) => `(${expressions.map(key).join(', ')})`;
  const sql = elements.map((element) => {
    switch (element.kind) {
      case 'simple':
        return element.expressions.length === 0 ? '()' : element.expressions.map(key).join(', ');
      case 'rollup':
      case 'cube':
        return `${element.kind.toUpperCase()} ${set(element.expressions)}`;
      case 'sets':
        return `GROUPING SETS (${element.sets.map(set).join(', ')})`;
    }
  });
  return { sql: sql.join(', '), keys };
}

/** A number is the position of an item; a name is a column, never an alias, as in Trino. */
function groupingKey(
  expression: Expression,
  items: readonly Item[],
  context: ExpressionContext,
): string {
  if (expression.kind !== 'integer') {
    return context.statement.expression(expression, { ...context, ...no('GROUP BY clause') }).sql;
  }
  const item = items[Number(expression.text) - 1];
  if (!item) {
    const message = `GROUP BY position ${expression.text} is not in select list`;
    throw new SqlError(expression.at, message);
  }
  if (item.node && containsAggregate(item.node, context)) {
    throw new SqlError(
      expression.at,
      `GROUP BY clause cannot contain aggregations, window functions or grouping operations`,
    );
  }
  return item.sql;
}

function containsAggregate(node: Expression, context: ExpressionContext): boolean {
  if (context.found.aggregates.has(node)) return true;
  return childrenOf(node).some((child) => containsAggregate(child, context));
}

interface Sort {
  readonly sql: string;
  /** Absent for an output column. */
  readonly node?: Expression | undefined;
}

/** An alias goes before a column of the same name; a number is a position. */
function compileSort(
  item: SortItem,
  items: readonly Item[],
  select: Select,
  context: ExpressionContext,
): Sort {
  const { expression } = item;
  const output = outputOf(expression, items);
  if (output) return { sql: sortKey(output.output.physical, item) };
  const { sql } = context.statement.expression(expression, context);
  const same = items.find((candidate) => candidate.sql === sql);
  if (same) return { sql: sortKey(same.output.physical, item) };
  if (select.isDistinct) {
    throw new SqlError(
      expression.at,
      'For SELECT DISTINCT, ORDER BY expressions must appear in select list',
    );
  }
  return { sql: sortKey(sql, item), node: expression };
}

/** The item that a position or an alias names. */
export function outputOf<T extends { readonly output: OutputColumn }>(
  expression: Expression,
  items: readonly T[],
): T | undefined {
  if (expression.kind === 'integer') {
    const item = items[Number(expression.text) - 1];
    if (item) return item;
    const message = `ORDER BY position ${expression.text} is not in select list`;
    throw new SqlError(expression.at, message);
  }
  if (expression.kind !== 'identifier') return undefined;
  return named(expression.name, items);
}

function named<T extends { readonly output: OutputColumn }>(
  name: Name,
  items: readonly T[],
): T | undefined {
  const exact = items.filter(({ output }) => output.name === name.text);
  const found = exact.length > 0 ? exact : items.filter(({ output }) => isNamed(output.name, name));
  if (found.length > 1) throw new SqlError(name.at, `Column '${name.text}' is ambiguous`);
  return found[0];
}

function isGrouped({ groupBy, having }: Select, { found }: ExpressionContext): boolean {
  return groupBy.length > 0 || having !== undefined || found.aggregates.size > 0;
}

function checkAll(
  { having, items: selectItems }: Select,
  items: readonly Item[],
  order: readonly Sort[],
  { keys, found }: { keys: ReadonlySet<string>; found: ExpressionContext['found'] },
): void {
  for (const { node, column, sql } of items) {
    if (node) checkGrouped(node, keys, found);
    else if (column && !keys.has(sql)) {
      const at = selectItems.find(({ kind }) => kind === 'star')?.at ?? { line: 1, column: 1 };
      throw new SqlError(
        at,
        `'${column.name}' must be an aggregate expression or appear in GROUP BY clause`,
      );
    }
  }
  if (having) checkGrouped(having, keys, found);
  for (const { node } of order) if (node) checkGrouped(node, keys, found);
}

/** The name of a result column without an alias: the name of a column, otherwise none. */
function outputName(
  expression: Expression,
  columns: ReadonlyMap<Expression, ScopeColumn>,
): string | undefined {
  if (expression.kind !== 'identifier' && expression.kind !== 'field') return undefined;
  return columns.get(expression)?.name ?? expression.name.text;
}
