import type { Expression } from '../sql/ast/nodes.ts';
import { monthUnits } from '../sql/duration-units.ts';
import { SqlError, type Position } from '../sql/sql-error.ts';
import { parseDate, parseTimeOfDay } from '../text/parse-date-and-time.ts';
import { parseDuration } from '../text/parse-duration.ts';
import { parseTimestamp } from '../text/parse-timestamp.ts';
import { quoteText } from '../types/quote.ts';
import { types } from '../types/sql-type.ts';
import { untypedNull, type Typed } from '../types/typed.ts';
import { intervalLiteral } from './interval-literal.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

export type Literal = Kind<
  'null' | 'boolean' | 'integer' | 'decimal' | 'string' | 'duration' | 'interval' | 'typed'
>;

const longMax = 2n ** 63n - 1n;

/** A constant as DuckDB SQL. */
export function compileLiteral(literal: Literal): Typed {
  const { at } = literal;
  switch (literal.kind) {
    case 'null':
      return untypedNull;
    case 'boolean':
      return { sql: String(literal.value), type: types.boolean };
    case 'integer':
      return integerLiteral(literal.text, at);
    case 'decimal':
      return decimalLiteral(literal.text, at);
    case 'string':
      return {
        sql: quoteText(literal.value),
        type: types.varchar,
        bytesMax: Buffer.byteLength(literal.value),
      };
    case 'duration':
      return durationLiteral(literal.count, literal.unit, at);
    case 'interval':
      return intervalLiteral(literal);
    case 'typed':
      return typedLiteral(literal.type, literal.text, at);
  }
}

/** A point in time in nanoseconds, as a constant. */
export function longSql(value: bigint): string {
  return `CAST(${value} AS BIGINT)`;
}

function integerLiteral(text: string, at: Position): Typed {
  const value = BigInt(text);
  if (value > longMax) throw new SqlError(at, `Invalid numeric literal: ${text}`);
  if (value < 2n ** 31n) return { sql: String(value), type: types.integer };
  return { sql: longSql(value), type: types.bigint };
}

/** The dialect has no DECIMAL in its results: `1.5` is a DOUBLE. */
function decimalLiteral(text: string, at: Position): Typed {
  if (!Number.isFinite(Number(text))) throw new SqlError(at, `Invalid numeric literal: ${text}`);
  return { sql: `CAST(${quoteText(text)} AS DOUBLE)`, type: types.double };
}

function durationLiteral(count: string, unit: string, at: Position): Typed {
  const perUnit = monthUnits[unit];
  if (perUnit === undefined) {
    const value = parseDuration(`0${count}${unit}`);
    if (value !== undefined) return { sql: longSql(value), type: types.duration };
  } else if (/^\d+$/.test(count)) {
    const months = BigInt(count) * BigInt(perUnit);
    if (months < 2n ** 31n) return { sql: String(months), type: types.months };
  }
  throw new SqlError(at, `Invalid interval literal: ${count}${unit}`);
}

/**
 * The constant for `DATE '…'`, `TIME '…'` and `TIMESTAMP '…'`, and for a text that stands where a
 * point in time is wanted.
 */
export function typedLiteral(type: Kind<'typed'>['type'], text: string, at: Position): Typed {
  switch (type) {
    case 'timestamp': {
      const timeNs = parseTimestamp(text);
      if (timeNs === undefined) {
        throw new SqlError(at, `'${text}' is not a valid timestamp literal`);
      }
      return { sql: longSql(timeNs), type: types.timestamp };
    }
    case 'date':
      if (parseDate(text) === undefined) {
        throw new SqlError(at, `'${text}' is not a valid date literal`);
      }
      return { sql: `DATE ${quoteText(text)}`, type: types.date };
    case 'time': {
      const timeNs = parseTimeOfDay(text);
      if (timeNs === undefined) throw new SqlError(at, `'${text}' is not a valid time literal`);
      return { sql: longSql(timeNs), type: types.time };
    }
  }
}
