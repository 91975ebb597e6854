import type {
  Exists,
  InQuery,
  QuantifiedComparison,
  Query,
  ScalarQuery,
} from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { commonType } from '../types/coercion.ts';
import { typeText, types } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import type { CompiledQuery, ExpressionContext } from './compile-context.ts';

/** Expressions with a query in them; the query may name columns of the one around it. */
export function compileSubquery(
  node: QuantifiedComparison | InQuery | Exists | ScalarQuery,
  context: ExpressionContext,
): Typed {
  if (context.isInLambda)
    throw new SqlError(node.at, 'Lambda expression cannot contain subqueries');
  switch (node.kind) {
    case 'exists': {
      const { sql } = compileInner(node.query, context);
      return { sql: `EXISTS (${sql})`, type: types.boolean };
    }
    case 'scalarQuery': {
      const query = compileInner(node.query, context);
      return { sql: `(${query.sql})`, type: onlyColumn(node.query, query).type };
    }
    case 'inQuery': {
      const [value, query] = comparable(node.value, node.query, context);
      const not = node.isNot ? 'NOT ' : '';
      return { sql: `(${value} ${not}IN (${query}))`, type: types.boolean };
    }
    case 'quantified': {
      const [value, query] = comparable(node.left, node.query, context);
      const sql = `(${value} ${node.operator} ${node.quantifier} (${query}))`;
      return { sql, type: types.boolean };
    }
  }
}

function compileInner(query: Query, context: ExpressionContext): CompiledQuery {
  const { statement, scope, named } = context;
  return statement.query(query, statement, { scope, named });
}

/** Both sides in one type. */
function comparable(
  left: InQuery['value'],
  query: Query,
  context: ExpressionContext,
): readonly [value: string, query: string] {
  const value = context.statement.expression(left, context);
  const compiled = compileInner(query, context);
  const column = onlyColumn(query, compiled);
  const type = commonType(value.type, column.type);
  if (!type) {
    const pair = `${typeText(value.type)} and ${typeText(column.type)}`;
    throw new SqlError(left.at, `Value and result of subquery must be of the same type: ${pair}`);
  }
  const item = coerce({ sql: column.physical, type: column.type }, type);
  return [coerce(value, type).sql, `SELECT ${item.sql} FROM (${compiled.sql})`];
}

function onlyColumn({ at }: Query, { columns }: CompiledQuery): CompiledQuery['columns'][number] {
  const [column] = columns;
  if (column && columns.length === 1) return column;
  throw new SqlError(at, `Multiple columns returned by subquery are not yet supported`);
}
