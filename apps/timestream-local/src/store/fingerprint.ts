import { hash } from 'node:crypto';
import { doubleBits } from './double-bits.ts';
import type { IncomingValue } from './incoming-record.ts';

/**
 * Distinguishes a record's value from others: the value itself if it has at most 64 bits, otherwise
 * 64 bits of a digest, which does not depend on the order of attributes.
 */
export function fingerprint(values: readonly IncomingValue[], isMulti: boolean): bigint {
  const [only] = values;
  if (!isMulti && only) {
    if (only.type === 'DOUBLE') return doubleBits(only.value as number);
    if (only.type === 'BIGINT') return only.value as bigint;
    if (only.type === 'BOOLEAN') return only.value === true ? 1n : 0n;
  }
  const sorted = values.toSorted((a, b) => (a.column < b.column ? -1 : 1));
  const names = digest(sorted.map(({ column, type }) => `${column.length}:${column}${type}`));
  const contents = digest(sorted.map(({ value }) => `${String(value).length}:${String(value)}`));
  return BigInt.asIntN(64, (names << valueBits) | BigInt.asUintN(Number(valueBits), contents));
}

/**
 * The low bits distinguish the values of attributes, and the bits above them their names and types.
 */
const valueBits = 40n;

/**
 * The part of a multi-measure record's fingerprint that depends only on its attributes' names and
 * types.
 */
export function attributesOf(multiFingerprint: bigint): bigint {
  return multiFingerprint >> valueBits;
}

function digest(texts: readonly string[]): bigint {
  return hash('md5', texts.join(''), 'buffer').readBigUInt64LE();
}
