import type { BinaryOperator } from '../sql/ast/nodes.ts';
import { addMonths } from '../types/add-months.ts';
import { failure } from '../types/failure.ts';
import { sinceEpoch } from '../types/since-epoch.ts';
import { types, type SqlType } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';

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
      return add(left, right, '-') ?? gap(left, right);
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
    // The service's own drivers are tested with `now() - 100y`: calendar intervals lead further back.
    return { sql: isDuration ? sinceEpoch(plain) : addMonths(base.sql, operator, step.sql), type };
  }
  if (type.kind === 'date') {
    return { sql: addToDate(base.sql, operator, step.sql, isDuration), type };
  }
  if (type.kind !== 'time' || !isDuration) return undefined;
  return { sql: `((${plain} % ${dayNs} + ${dayNs}) % ${dayNs})`, type };
}

/**
 * One point in time minus another, as in Trino. The service's page on operators says that it has none,
 * yet its own drivers are tested with `time - LAG(time, 1) OVER (…)`.
 */
function gap(left: Typed, right: Typed): Typed | undefined {
  const [a, b] = [asTime(left), asTime(right)];
  if (!a || a.type.kind !== b?.type.kind) return undefined;
  return { sql: `(${a.sql} - ${b.sql})`, type: types.duration };
}

/** Nanoseconds of a point in time or of a time of day; undefined for other types. */
function asTime(value: Typed): Typed | undefined {
  const { kind } = value.type;
  if (kind === 'date') return coerce(value, types.timestamp);
  return kind === 'timestamp' || kind === 'time' ? value : undefined;
}

function addToDate(
  dateSql: string,
  operator: '+' | '-',
  step: string,
  isDuration: boolean,
): string {
  if (!isDuration) return `CAST(${dateSql} ${operator} to_months(${step}) AS DATE)`;
  const parts = failure('Cannot add hour, minutes or seconds to a date', types.date);
  return `(CASE WHEN ${step} % ${dayNs} <> 0 THEN ${parts} ELSE CAST(${dateSql} ${operator} CAST(${step} // ${dayNs} AS INTEGER) AS DATE) END)`;
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
