import { findFunction } from '../functions/registry.ts';
import type { CurrentTime, Expression } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { types } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';
import { compileCast } from './cast.ts';
import { checkLength } from './check-length.ts';
import { compileCall } from './compile-call.ts';
import type { ExpressionContext } from './compile-context.ts';
import { compileArray, compileCase, compileRow, compileSubscript } from './constructors.ts';
import { compileExtract } from './extract.ts';
import { compileLiteral, longSql } from './literals.ts';
import { compileField, compileIdentifier } from './names.ts';
import { compileBinary, compileNegation } from './operators.ts';
import { isConstant } from './is-constant.ts';
import { isStrict, Operands } from './operands.ts';
import { computedOutside } from './computed-outside.ts';
import { compilePredicate } from './predicates.ts';
import { compileSubquery } from './subqueries.ts';

/**
 * Compiles an expression to DuckDB SQL, with its type.
 *
 * All types are determined here, so that DuckDB never decides the meaning of an operator or a
 * function. An expression without a meaning in the dialect causes an error with its position.
 *
 * @throws {SqlError} at the part that has no meaning
 */
export function compileExpression(node: Expression, context: ExpressionContext): Typed {
  const { found, operands: around } = context;
  const aggregatesBefore = found.aggregates.size;
  const compile = (inner: ExpressionContext) => compileWithOperands(node, inner);
  const { value, plainSql } = computedOutside(node, context, compile);
  checkLength(value.sql, node.at);
  found.compiled.set(node, plainSql);
  if (!around) return value;
  const hasAggregate = found.aggregates.size > aggregatesBefore;
  return around.keep(value, { hasAggregate, isConstant: isConstant(node) });
}

/** Operands of expressions that may skip some are written where they are named. */
function compileWithOperands(node: Expression, context: ExpressionContext): Typed {
  if (!isStrict(node, isScalar)) return compileNode(node, { ...context, operands: undefined });
  const operands = new Operands(context.statement.unique);
  return operands.resolve(compileNode(node, { ...context, operands }));
}

function isScalar(name: string): boolean {
  return findFunction(name)?.kind === 'scalar';
}

function compileNode(node: Expression, context: ExpressionContext): Typed {
  switch (node.kind) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'string':
    case 'duration':
    case 'interval':
    case 'typed':
      return compileLiteral(node);
    case 'parameter':
      return context.statement.parameter(node);
    case 'identifier':
      return compileIdentifier(node, context);
    case 'field':
      return compileField(node, context);
    case 'subscript':
      return compileSubscript(node, context);
    case 'negate':
      return compileNegation(node, context);
    case 'binary':
      return compileBinary(node, context);
    case 'comparison':
    case 'logical':
    case 'not':
    case 'between':
    case 'inList':
    case 'like':
    case 'isNull':
    case 'isDistinct':
      return compilePredicate(node, context);
    case 'quantified':
    case 'inQuery':
    case 'exists':
    case 'scalarQuery':
      return compileSubquery(node, context);
    case 'case':
      return compileCase(node, context);
    case 'cast':
      return compileCast(node, context);
    case 'extract':
      return compileExtract(node, context);
    case 'current':
      return currentTime(node, context.statement.nowNs);
    case 'array':
      return compileArray(node, context);
    case 'row':
      return compileRow(node, context);
    case 'lambda':
      throw new SqlError(node.at, 'Lambda expression should always be used inside a function');
    case 'call':
      return compileCall(node, context);
  }
}

const dayNs = 86_400_000_000_000n;

function currentTime({ what }: CurrentTime, nowNs: bigint): Typed {
  switch (what) {
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIMESTAMP':
      return { sql: longSql(nowNs), type: types.timestamp };
    case 'CURRENT_TIME':
    case 'LOCALTIME':
      return { sql: longSql(nowNs % dayNs), type: types.time };
    case 'CURRENT_DATE':
      return {
        sql: `CAST(DATE '1970-01-01' + ${nowNs / dayNs} AS DATE)`,
        type: types.date,
      };
  }
}
