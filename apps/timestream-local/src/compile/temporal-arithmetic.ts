import type { BinaryOperator } from '../sql/ast/expression.ts';
import { addMonths } from '../types/add-months.ts';
import { types, type SqlType } from '../types/sql-type.ts';
import { coerce, dateToTimestamp, type Typed } from '../types/typed.ts';

const dayNs = '86400000000000';

/** Arithmetic with points in time and intervals; undefined when the types have none. */
export function temporalArithmetic(
  operator: Exclude<BinaryOperator, '||'>,
  left: Typed,
  right: Typed,
): Typed | undefined {
  switch (operator) {
    case '+':
      return add(left, right, '+') ?? add(right, left, '+');
    case '-':
      return add(left, right, '-') ?? difference(left, right);
    case '*':
      return scale(left, right, '*') ?? scale(right, left, '*');
    case '/':
      return scale(left, right, '/');
    case '%':
      return undefined;
  }
}

/** A point in time or an interval, and an interval. */
function add(base: Typed, step: Typed, operator: '+' | '-'): Typed | undefined {
  const { type } = base;
  const isDuration = step.type.kind === types.duration.kind;
  if (!isDuration && step.type.kind !== types.months.kind) return undefined;
  if (type.kind === step.type.kind) return { sql: `(${base.sql} ${operator} ${step.sql})`, type };
  const plain = `(${base.sql} ${operator} ${step.sql})`;
  if (type.kind === 'timestamp') {
    return { sql: isDuration ? plain : addMonths(base.sql, operator, step.sql), type };
  }
  if (type.kind === 'date') {
    return { sql: addToDate(base.sql, operator, step.sql, isDuration), type };
  }
  if (type.kind !== 'time' || !isDuration) return undefined;
  return { sql: `((${plain} % ${dayNs} + ${dayNs}) % ${dayNs})`, type };
}

function addToDate(
  dateSql: string,
  operator: '+' | '-',
  step: string,
  isDuration: boolean,
): string {
  return isDuration
    ? `CAST(${dateSql} ${operator} CAST(${step} // ${dayNs} AS INTEGER) AS DATE)`
    : `CAST(${dateSql} ${operator} to_months(${step}) AS DATE)`;
}

function difference(left: Typed, right: Typed): Typed | undefined {
  const kinds = [left.type.kind, right.type.kind];
  if (kinds.every((kind) => kind === 'date')) {
    const sql = `(${dateToTimestamp(left.sql)} - ${dateToTimestamp(right.sql)})`;
    return { sql, type: types.duration };
  }
  if (!kinds.every((kind) => kind === 'timestamp' || kind === 'date')) return undefined;
  const [a, b] = [coerce(left, types.timestamp), coerce(right, types.timestamp)];
  return { sql: `(${a.sql} - ${b.sql})`, type: types.duration };
}

function scale(interval: Typed, factor: Typed, operator: '*' | '/'): Typed | undefined {
  const { type } = interval;
  const isMonths = type.kind === types.months.kind;
  if (!isMonths && type.kind !== types.duration.kind) return undefined;
  if (!isNumber(factor.type)) return undefined;
  const physical = isMonths ? 'INTEGER' : 'BIGINT';
  const isWhole = factor.type.kind !== 'double' && operator === '*';
  const sql = isWhole
    ? `CAST(${interval.sql} * ${factor.sql} AS ${physical})`
    : `CAST(round(${interval.sql} ${operator} ${coerce(factor, types.double).sql}) AS ${physical})`;
  return { sql, type };
}

function isNumber({ kind }: SqlType): boolean {
  return kind === 'integer' || kind === 'bigint' || kind === 'double';
}
