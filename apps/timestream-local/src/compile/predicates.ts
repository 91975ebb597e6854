import type { Expression } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { typeText, types } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { betweenSql, comparisonSql } from './compare.ts';
import { evaluatedOnce } from './evaluated-once.ts';
import { unify, type Compiled } from './unify.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

export type Predicate = Kind<
  'comparison' | 'logical' | 'not' | 'between' | 'inList' | 'like' | 'isNull' | 'isDistinct'
>;

/** Expressions that are true, false or NULL. */
export function compilePredicate(node: Predicate, context: ExpressionContext): Typed {
  return { sql: predicateSql(node, context), type: types.boolean };
}

/**
 * The condition of a clause.
 *
 * @throws {SqlError} when the expression is not a condition
 */
export function condition(node: Expression, context: ExpressionContext, of: string): string {
  return truth(node, context, (type) => `${of} must evaluate to a boolean: actual type ${type}`);
}

/**
 * A condition within an expression. The service has other words for it, as captured.
 *
 * @throws {SqlError} when the expression is not a condition
 */
export function booleanOperand(node: Expression, context: ExpressionContext, of: string): string {
  return truth(node, context, (type) => `${of} must evaluate to a boolean (actual: ${type})`);
}

function truth(
  node: Expression,
  context: ExpressionContext,
  problem: (type: string) => string,
): string {
  const value = context.statement.expression(node, context);
  if (value.type.kind === 'boolean' || value.type.kind === 'unknown') {
    return coerce(value, types.boolean).sql;
  }
  throw new SqlError(node.at, problem(typeText(value.type)));
}

function predicateSql(node: Predicate, context: ExpressionContext): string {
  const compile = (expression: Expression): Compiled => ({
    node: expression,
    ...context.statement.expression(expression, context),
  });
  const not = 'isNot' in node && node.isNot ? 'NOT ' : '';
  switch (node.kind) {
    case 'comparison': {
      const sides = [compile(node.left), compile(node.right)] as const;
      const problem = `Cannot apply operator ${node.operator} to these types`;
      return comparisonSql(node.operator, unify(sides, problem), context);
    }
    case 'logical': {
      const terms = node.terms.map((term, at) =>
        booleanOperand(term, context, `${at === 0 ? 'Left' : 'Right'} side of logical expression`),
      );
      return `(${terms.join(` ${node.operator} `)})`;
    }
    case 'not':
      return `(NOT ${booleanOperand(node.operand, context, 'Value of logical NOT expression')})`;
    case 'between': {
      const parts = [compile(node.value), compile(node.low), compile(node.high)] as const;
      const [value, low, high] = unify(parts, 'Cannot check if a value is BETWEEN these types');
      return betweenSql({ value, low, high }, not, context);
    }
    case 'inList': {
      const parts = [compile(node.value), ...node.items.map(compile)];
      const [value, ...items] = unify(parts, 'IN value and list items must be the same type');
      const list = items.map(({ sql }) => sql).join(', ');
      return evaluatedOnce(value?.sql ?? '', (sql) => `(${sql} ${not}IN (${list}))`);
    }
    case 'like':
      return likeSql(node, context, not);
    case 'isNull':
      return `(${compile(node.value).sql} IS ${not}NULL)`;
    case 'isDistinct': {
      const sides = [compile(node.left), compile(node.right)];
      const [a, b] = unify(sides, 'Cannot apply operator IS DISTINCT FROM to these types');
      return `(${a?.sql} IS ${not}DISTINCT FROM ${b?.sql})`;
    }
  }
}

function likeSql(node: Kind<'like'>, context: ExpressionContext, not: string): string {
  const text = (expression: Expression, of: string): string => {
    const value = context.statement.expression(expression, context);
    if (value.type.kind === 'varchar' || value.type.kind === 'unknown') {
      return coerce(value, types.varchar).sql;
    }
    const message = `${of} of LIKE expression must evaluate to a varchar (actual: ${typeText(value.type)})`;
    throw new SqlError(expression.at, message);
  };
  const sql = `${text(node.value, 'Left side')} ${not}LIKE ${text(node.pattern, 'Pattern')}`;
  return node.escape ? `(${sql} ESCAPE ${text(node.escape, 'Escape')})` : `(${sql})`;
}
