import type { Dimension, RejectReason, Row } from '@highwater/model';
import { checkRow } from './check-row.ts';
import { canonicalDigits, nanosecondsText } from './nanoseconds-text.ts';

/** A row in the one form it is compared and sent in. */
export interface PreparedRow {
  /** Where the row stands among the rows of its write call. */
  readonly index: number;
  readonly row: Row;
  /** Equal exactly for equal sets of dimensions. */
  readonly dimensionsKey: string;
  /** Equal exactly for rows that replace each other: dimensions, measure name and time. */
  readonly identity: string;
}

export type Preparation =
  | { readonly ok: true; readonly prepared: PreparedRow }
  | { readonly ok: false; readonly reason: RejectReason; readonly detail: string };

/**
 * Brings a row into its canonical form: dimensions sorted by name, times without sign or leading
 * zeros, no negative zero.
 *
 * A dimension with an empty value is left out: to Timestream a missing dimension and an empty one
 * are both "no value", and it has refused whole requests for an empty one.
 */
export function prepareRow(given: Row, index: number): Preparation {
  const timeNanoseconds = nanosecondsText(given.time, given.timeUnit);
  const row: Row = {
    ...given,
    measureValue: canonicalValue(given),
    dimensions: canonicalDimensions(given.dimensions),
    time: canonicalDigits(given.time) ?? given.time,
  };
  const refusal = checkRow(row, timeNanoseconds);
  if (refusal) return { ok: false, ...refusal };
  let dimensionsKey = '';
  for (const { name, value } of row.dimensions) dimensionsKey += `${name}\0${value}\0`;
  const identity = `${dimensionsKey}\0${timeNanoseconds}\0${row.measureName}`;
  return { ok: true, prepared: { index, row, dimensionsKey, identity } };
}

/** Timestream refuses a request that holds the negative zero. */
function canonicalValue({ measureValue, measureValueType }: Row): string {
  const isNegativeZero =
    measureValueType === 'DOUBLE' && measureValue.startsWith('-') && Number(measureValue) === 0;
  return isNegativeZero ? '0' : measureValue;
}

function canonicalDimensions(dimensions: readonly Dimension[]): readonly Dimension[] {
  let isCanonical = true;
  let previous = '';
  for (const { name, value } of dimensions) {
    if (name < previous || value === '') isCanonical = false;
    previous = name;
  }
  if (isCanonical) return dimensions;
  return dimensions
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
