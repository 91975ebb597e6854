import type { IntervalField, IntervalLiteral } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { types } from '../types/sql-type.ts';
import type { Typed } from '../types/typed.ts';

const nanosecondsPer: Readonly<Partial<Record<IntervalField, bigint>>> = {
  WEEK: 604_800_000_000_000n,
  DAY: 86_400_000_000_000n,
  HOUR: 3_600_000_000_000n,
  MINUTE: 60_000_000_000n,
  SECOND: 1_000_000_000n,
};

const dayFields: readonly IntervalField[] = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** `INTERVAL '2' DAY`, `INTERVAL '1 02:03' DAY TO MINUTE`, `INTERVAL '2-7' YEAR TO MONTH`. */
export function intervalLiteral(literal: IntervalLiteral): Typed {
  const { from } = literal;
  const sign = literal.isNegative ? -1n : 1n;
  if (from === 'YEAR' || from === 'MONTH') {
    return { sql: `(${sign * months(literal)})`, type: types.months };
  }
  return { sql: `CAST(${sign * nanoseconds(literal)} AS BIGINT)`, type: types.duration };
}

function months(literal: IntervalLiteral): bigint {
  const { text, from, to } = literal;
  const match = to === undefined ? /^(\d{1,9})$/.exec(text) : /^(\d{1,9})-(\d{1,9})$/.exec(text);
  const isRange = from === 'YEAR' && to === 'MONTH';
  if (!match || (to !== undefined && to !== from && !isRange)) throw invalid(literal);
  const [, first = '0', second = '0'] = match;
  const value = BigInt(first) * (from === 'YEAR' ? 12n : 1n) + BigInt(second);
  if (value >= 2n ** 31n) throw invalid(literal);
  return value;
}

function nanoseconds(literal: IntervalLiteral): bigint {
  const { text, from, to = from } = literal;
  // A week must be alone, because it cannot be part of a range.
  const fields =
    from === 'WEEK' && to === 'WEEK'
      ? [from]
      : dayFields.slice(dayFields.indexOf(from), dayFields.indexOf(to) + 1);
  const last = fields.at(-1);
  const match = /^(\d+(?:[ :]\d+)*)(?:\.(\d{1,9}))?$/.exec(text);
  const parts = match?.[1]?.split(/[ :]/) ?? [];
  const fraction = match?.[2];
  if (parts.length === 0 || parts.length !== fields.length) throw invalid(literal);
  if (fraction !== undefined && last !== 'SECOND') throw invalid(literal);
  let value = fraction === undefined ? 0n : BigInt(fraction.padEnd(9, '0'));
  for (const [at, part] of parts.entries()) {
    value += BigInt(part) * (nanosecondsPer[fields[at] ?? from] ?? 0n);
  }
  if (value >= 2n ** 63n) throw invalid(literal);
  return value;
}

function invalid({ at, text, from, to }: IntervalLiteral): SqlError {
  const range = to === undefined ? from : `${from} TO ${to}`;
  return new SqlError(at, `Invalid INTERVAL ${range} value: ${text}`);
}
