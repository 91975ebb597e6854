import { pointType } from '../types/cast-sql.ts';
import { coercionDistance, commonType } from '../types/coercion.ts';
import { types, type SqlType } from '../types/sql-type.ts';
import type { TypePattern } from './type-pattern.ts';

/** The types that the variables of a signature have in one call. */
export type Bindings = Map<string, SqlType>;

/** The cost of reading a string literal as a point in time. Above that of any other coercion. */
const literalCost = 10;

/**
 * Fits a type to a parameter, and binds variables in the process.
 *
 * @param isText the argument is a string literal, which may represent a point in time
 * @returns how far the argument must be converted; undefined when it does not fit
 */
export function fit(
  pattern: TypePattern,
  type: SqlType,
  bindings: Bindings,
  isText = false,
): number | undefined {
  switch (pattern.kind) {
    case 'type': {
      const isTime = pattern.type.kind === 'timestamp' || pattern.type.kind === 'date';
      return coercionDistance(type, pattern.type) ?? (isText && isTime ? literalCost : undefined);
    }
    case 'variable':
      return bind(pattern.name, type, bindings);
    case 'array':
    case 'timeseries':
      if (type.kind === 'unknown') return fit(pattern.element, type, bindings);
      return type.kind === pattern.kind ? fit(pattern.element, type.element, bindings) : undefined;
    case 'point':
    case 'row':
    case 'lambda':
      return undefined;
  }
}

function bind(name: string, type: SqlType, bindings: Bindings): number | undefined {
  const isNumber = ['integer', 'bigint', 'double', 'unknown'].includes(type.kind);
  if (name === 'N' && !isNumber) return undefined;
  const bound = bindings.get(name);
  const common = bound ? commonType(bound, type) : type;
  if (!common) return undefined;
  bindings.set(name, common);
  return bound ? (coercionDistance(type, common) ?? 0) + (coercionDistance(bound, common) ?? 0) : 0;
}

/** The type of a pattern, once its variables are bound. */
export function resolvePattern(pattern: TypePattern, bindings: Bindings): SqlType {
  switch (pattern.kind) {
    case 'type':
      return pattern.type;
    case 'variable':
      return bindings.get(pattern.name) ?? types.unknown;
    case 'array':
      return types.array(resolvePattern(pattern.element, bindings));
    case 'timeseries':
      return types.timeseries(resolvePattern(pattern.element, bindings));
    case 'point':
      return pointType(resolvePattern(pattern.element, bindings));
    case 'row':
      return types.row(pattern.fields.map((field) => ({ type: resolvePattern(field, bindings) })));
    case 'lambda':
      return types.unknown;
  }
}
