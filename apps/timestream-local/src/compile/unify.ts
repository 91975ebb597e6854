import type { Expression } from '../sql/ast/nodes.ts';
import { SqlError } from '../sql/sql-error.ts';
import { commonType } from '../types/coercion.ts';
import { typeText, type SqlType } from '../types/sql-type.ts';
import { coerce, type Typed } from '../types/typed.ts';
import { typedLiteral } from './literals.ts';

/** An expression and what it was compiled to. */
export interface Compiled extends Typed {
  readonly node: Expression;
}

/**
 * Converts values to one type, for a comparison or as the results of one expression.
 *
 * A quoted text next to a point in time is read as one, as in the service's own examples.
 *
 * @param problem the start of the message when there is no such type
 * @throws {SqlError} at the first value that does not fit
 */
export function unify<const T extends readonly Compiled[]>(
  values: T,
  problem: string,
): { readonly [K in keyof T]: Compiled } {
  const temporal = values.map(({ type }) => type.kind).find(isTemporal);
  const read = values.map((value) => ({
    node: value.node,
    ...(temporal ? readText(value, temporal) : value),
  }));
  let type: SqlType | undefined;
  for (const value of read) {
    const common = type ? commonType(type, value.type) : value.type;
    if (!common) {
      const { node } = value;
      const message = `${problem}: ${typeText(type ?? value.type)} and ${typeText(value.type)}`;
      throw new SqlError(node.at, message);
    }
    type = common;
  }
  const unified = read.map((value) => ({ ...value, ...(type ? coerce(value, type) : {}) }));
  return unified as unknown as { readonly [K in keyof T]: Compiled };
}

type Temporal = 'timestamp' | 'date' | 'time';

function isTemporal(kind: SqlType['kind']): kind is Temporal {
  return kind === 'timestamp' || kind === 'date' || kind === 'time';
}

/** Reads a quoted text as a point in time. Every other value stays unchanged. */
export function readText(value: Compiled, type: Temporal): Typed {
  const { node } = value;
  if (node.kind !== 'string') return value;
  // `date_column = '2020-08-08 01:00'` compares points in time.
  const isLong = type === 'date' && isLongTime(node.value);
  return typedLiteral(isLong ? 'timestamp' : type, node.value, node.at);
}

/** Whether a text has more than a date. */
export function isLongTime(text: string): boolean {
  return text.trim().length > 10;
}
