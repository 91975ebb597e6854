import { isOfFixedSize, textBytesMax } from '../types/room.ts';
import type { CallFacts } from './function-definition.ts';

/** Functions whose results may be longer than all of their arguments together. */
const growing: Readonly<Record<string, (facts: CallFacts) => number>> = {
  lpad: ({ values }) => 4 * literal(values[1]?.sql),
  rpad: ({ values }) => 4 * literal(values[1]?.sql),
  // At worst every byte is replaced.
  replace: ({ values }) => known(values[0]) * Math.max(1, values[2] ? known(values[2]) : 0),
  regexp_replace: ({ values: [value, , by] }) =>
    (known(value) + 1) * ((by ? known(by) : 0) + 1) * (by ? 1 + known(by) : 1),
  array_join: () => Infinity,
};

/**
 * How many bytes a text that a function makes has at most; undefined when the statement alone does not
 * say so.
 */
export function resultBytesMax(name: string, facts: CallFacts): number | undefined {
  if (facts.returns.kind !== 'varchar') return undefined;
  const own = growing[name];
  const bytes = own
    ? Math.min(own(facts), textBytesMax)
    : // The longest output of a format, such as the name of a month, is less than eight times its letters.
      facts.values.reduce((sum, value) => sum + known(value), 8) * 8;
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** The same, without the bound that growing functions hold their results to. */
export function unboundBytesMax(name: string, facts: CallFacts): number {
  return growing[name]?.(facts) ?? Infinity;
}

function known(value: CallFacts['values'][number] | undefined): number {
  if (value?.bytesMax !== undefined) return value.bytesMax;
  return value && isOfFixedSize(value.type) ? 32 : Infinity;
}

function literal(sql = ''): number {
  const digits = /^(?:CAST\()?(\d{1,9})(?: AS BIGINT\))?$/.exec(sql)?.[1];
  return digits === undefined ? Infinity : Number(digits);
}
