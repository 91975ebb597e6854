import assert from 'node:assert/strict';
import type { Row } from '@highwater/model';
import { checkRow } from './check-row.ts';
import type { DimensionSet, DimensionSets } from './dimension-sets.ts';
import { canonicalDigits, nanosecondsText } from './nanoseconds-text.ts';
import type { Refusal } from './refusal.ts';

/** A row in the canonical form in which it is compared and sent. */
export interface PreparedRow {
  /** Index of the row among the rows of its write call. */
  readonly index: number;
  readonly row: Row;
  readonly dimensionSet: DimensionSet;
  /** Integer digits of nanoseconds since the epoch, without leading zeros. */
  readonly timeNanoseconds: string;
  /** Equal exactly for rows that replace each other: dimensions, measure name and time. */
  readonly identity: string;
}

export type Preparation =
  | { readonly ok: true; readonly prepared: PreparedRow }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Brings a row into its canonical form: dimensions as a set, time without sign or leading zeros, no
 * negative zero.
 *
 * @param sets the sets of the write call; identities of different calls are not comparable
 */
export function prepareRow(given: Row, index: number, sets: DimensionSets): Preparation {
  const dimensionSet = sets.of(given.dimensions);
  const { measureName, measureValueType, timeUnit, version } = given;
  const digits = canonicalDigits(given.time);
  const timeNanoseconds = digits === undefined ? undefined : nanosecondsText(digits, timeUnit);
  const bare: Row = {
    measureName,
    measureValueType,
    measureValue: canonicalValue(given),
    dimensions: dimensionSet.dimensions,
    time: digits ?? given.time,
    timeUnit,
    version,
  };
  const row = given.attributes?.length ? { ...bare, attributes: given.attributes } : bare;
  const refusal = checkRow(row, timeNanoseconds) ?? dimensionSet.refusal;
  if (refusal) return { ok: false, refusal };
  assert(timeNanoseconds !== undefined);
  const identity = `${dimensionSet.id} ${timeNanoseconds} ${measureName}`;
  return { ok: true, prepared: { index, row, dimensionSet, timeNanoseconds, identity } };
}

/** Timestream rejects a request that contains a negative zero. */
function canonicalValue({ measureValue, measureValueType }: Row): string {
  const isNegativeZero =
    measureValueType === 'DOUBLE' && measureValue.startsWith('-') && Number(measureValue) === 0;
  return isNegativeZero ? '0' : measureValue;
}
