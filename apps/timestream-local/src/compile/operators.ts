import type { Binary, BinaryOperator, Negation } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { commonType } from '../types/coercion.ts';
import { typeText, types, type SqlType } from '../types/sql-type.ts';
import { coerce, untypedNull, type Typed } from '../types/typed.ts';
import type { ExpressionContext } from './compile-context.ts';
import { longSql } from './literals.ts';
import { failure } from '../types/failure.ts';
import { joinTexts } from '../types/join-texts.ts';
import { bytesSql, listInRoom } from '../types/room.ts';
import { temporalArithmetic } from './temporal-arithmetic.ts';

/** `a + b` and the like. */
export function compileBinary(node: Binary, context: ExpressionContext): Typed {
  const left = context.statement.expression(node.left, context);
  const right = context.statement.expression(node.right, context);
  const result =
    node.operator === '||'
      ? concatenate(left, right, context.isInLambda ?? false)
      : (numeric(node.operator, left, right) ?? temporalArithmetic(node.operator, left, right));
  if (result) return result;
  const pair = `${typeText(left.type)} ${node.operator} ${typeText(right.type)}`;
  throw new SqlError(node.at, `Cannot apply operator: ${pair}`);
}

/** `-x` and `+x`. */
export function compileNegation(node: Negation, context: ExpressionContext): Typed {
  if (isLeastBigint(node)) return { sql: longSql(-(2n ** 63n)), type: types.bigint };
  const value = context.statement.expression(node.operand, context);
  if (!isNegatable(value.type)) {
    throw new SqlError(node.at, `Cannot negate ${typeText(value.type)}`);
  }
  return node.operator === '+' ? value : { sql: `(- ${value.sql})`, type: value.type };
}

/** The only number whose digits without the sign are not valid. */
function isLeastBigint({ operator, operand }: Negation): boolean {
  return operator === '-' && operand.kind === 'integer' && BigInt(operand.text) === 2n ** 63n;
}

function isNegatable({ kind }: SqlType): boolean {
  return isNumber(kind) || kind.startsWith('interval');
}

function isNumber(kind: SqlType['kind']): boolean {
  return kind === 'integer' || kind === 'bigint' || kind === 'double' || kind === 'unknown';
}

function numeric(
  operator: Exclude<BinaryOperator, '||'>,
  left: Typed,
  right: Typed,
): Typed | undefined {
  if (!isNumber(left.type.kind) || !isNumber(right.type.kind)) return undefined;
  const type = commonType(left.type, right.type);
  if (!type) return undefined;
  if (type.kind === 'unknown') return untypedNull;
  const [a, b] = [coerce(left, type).sql, coerce(right, type).sql];
  if (type.kind === 'double' || (operator !== '/' && operator !== '%')) {
    return { sql: `(${a} ${operator} ${b})`, type };
  }
  return { sql: divide(operator, a, b, type), type };
}

/** DuckDB's `/` of integers is a double, and a division by zero NULL. */
function divide(operator: '/' | '%', a: string, b: string, type: SqlType): string {
  const quotient = `(${a} ${operator === '/' ? '//' : '%'} ${b})`;
  if (/^[1-9]\d*$/.test(b)) return quotient;
  return `(CASE WHEN ${b} = 0 THEN ${failure('Division by zero', type)} ELSE ${quotient} END)`;
}

function concatenate(left: Typed, right: Typed, isInLambda: boolean): Typed | undefined {
  const kinds = [left.type.kind, right.type.kind];
  if (kinds.every((kind) => kind === 'varchar' || kind === 'unknown')) {
    return joinTexts([coerce(left, types.varchar), coerce(right, types.varchar)], isInLambda);
  }
  const join = (a: Typed, b: Typed) => joined(a, b, isInLambda);
  if (left.type.kind === 'array' && right.type.kind === 'array') {
    const type = commonType(left.type, right.type);
    return type && join(coerce(left, type), coerce(right, type));
  }
  if (left.type.kind === 'array') return append(left, right, (list, item) => join(list, item));
  if (right.type.kind === 'array') return append(right, left, (list, item) => join(item, list));
  return undefined;
}

function append(
  list: Typed,
  item: Typed,
  join: (list: Typed, item: Typed) => Typed,
): Typed | undefined {
  const type = commonType(list.type, types.array(item.type));
  if (type?.kind !== 'array') return undefined;
  return join(coerce(list, type), { sql: `[${coerce(item, type.element).sql}]`, type });
}

/** NULL when either is, which DuckDB's `||` of lists is not. */
function joined(a: Typed, b: Typed, isInLambda: boolean): Typed {
  const sql = `(CASE WHEN ${a.sql} IS NOT NULL AND ${b.sql} IS NOT NULL THEN list_concat(${a.sql}, ${b.sql}) END)`;
  if (!isInLambda) return { sql, type: a.type };
  const bytes = `(${bytesSql(a)} + ${bytesSql(b)})`;
  return { sql: listInRoom(sql, { what: 'concat', bytes, isInLambda }), type: a.type };
}
