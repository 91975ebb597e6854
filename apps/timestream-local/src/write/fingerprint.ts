import { hash } from 'node:crypto';
import { doubleBits } from '../store/double-bits.ts';
import type { IncomingValue } from '../store/incoming-record.ts';

/**
 * What tells a record's value from another one: the value itself where it has at most 64 bits, else
 * 64 bits of a digest, which for attributes does not depend on their order.
 */
export function fingerprint(values: readonly IncomingValue[], isMulti: boolean): bigint {
  const [only] = values;
  if (!isMulti && only) {
    if (only.type === 'DOUBLE') return doubleBits(only.value as number);
    if (only.type === 'BIGINT') return only.value as bigint;
    if (only.type === 'BOOLEAN') return only.value === true ? 1n : 0n;
  }
  const texts = values.map(({ column, type, value }) => {
    const text = String(value);
    return `${column.length}:${column}${type}${text.length}:${text}`;
  });
  return hash('md5', texts.toSorted().join(''), 'buffer').readBigInt64LE();
}
