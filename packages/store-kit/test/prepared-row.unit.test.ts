import { describe, expect, it } from 'vitest';
import type { Row } from '@highwater/model';
import { DimensionSets } from '../src/dimension-sets.ts';
import { prepareRow } from '../src/prepared-row.ts';
import { rowOf } from './row-of.ts';

const dimension = (name: string, value = 'x') => ({ name, value });

/** Whether two rows of one write call replace each other. */
function isSameIdentity(a: Row, b: Row): boolean {
  const sets = new DimensionSets();
  const [left, right] = [prepareRow(a, 0, sets), prepareRow(b, 1, sets)];
  if (!left.ok || !right.ok) throw new Error('a row was refused');
  return left.prepared.identity === right.prepared.identity;
}

describe('prepareRow', () => {
  it.each<[string, Partial<Row>]>([
    ['the order of dimensions', { dimensions: [dimension('b'), dimension('a')] }],
    ['a dimension without a value', { dimensions: [...ab(), dimension('c', '')] }],
    ['the unit of the time', { time: '1700000000000', timeUnit: 'MILLISECONDS' }],
    ['leading zeros of the time', { time: '+0001700000000' }],
    ['the value and its type', { measureValue: '7', measureValueType: 'BIGINT' }],
  ])('gives rows the same identity whatever %s', (_, overrides) => {
    const row = rowOf({ dimensions: ab() });
    expect(isSameIdentity({ ...row, ...overrides }, row)).toBe(true);
  });

  it.each<[string, Partial<Row>]>([
    ['measure name', { measureName: 'other' }],
    ['time', { time: '1700000001' }],
    ['dimension value', { dimensions: [dimension('a', 'y'), dimension('b')] }],
    ['dimension', { dimensions: [dimension('a')] }],
  ])('distinguishes rows with a different %s', (_, overrides) => {
    const row = rowOf({ dimensions: ab() });
    expect(isSameIdentity({ ...row, ...overrides }, row)).toBe(false);
  });

  it.each<[string, Partial<Row>]>([
    ['no dimension', { dimensions: [] }],
    ['only a dimension without a value', { dimensions: [dimension('a', '')] }],
    ['129 dimensions', { dimensions: Array.from({ length: 129 }, (_, i) => dimension(`d${i}`)) }],
    ['a dimension twice', { dimensions: [dimension('a'), dimension('a', 'y')] }],
    ['a dimension name of 61 bytes', { dimensions: [dimension('ü'.repeat(30) + 'a')] }],
    ['a reserved dimension name', { dimensions: [dimension('measure_value::double')] }],
    ['a dimension named time', { dimensions: [dimension('time')] }],
    ['a dimension name with a quote', { dimensions: [dimension('a"b')] }],
    ['a dimension name with a control character', { dimensions: [dimension('a\nb')] }],
    ['dimensions of over 2048 bytes', { dimensions: [dimension('a', 'x'.repeat(2048))] }],
    ['a measure name with a colon', { measureName: 'a:b' }],
    ['a measure name of 257 bytes', { measureName: 'x'.repeat(257) }],
    ['a value that is not a number', { measureValue: 'NaN' }],
    ['an infinite value', { measureValue: '1e999' }],
    ['a hexadecimal value', { measureValue: '0x10' }],
    ['a BIGINT of 65 bits', { measureValue: '9223372036854775808', measureValueType: 'BIGINT' }],
    ['a BOOLEAN that is neither', { measureValue: 'yes', measureValueType: 'BOOLEAN' }],
    ['an empty VARCHAR', { measureValue: '', measureValueType: 'VARCHAR' }],
    ['a VARCHAR of 2049 bytes', { measureValue: 'x'.repeat(2049), measureValueType: 'VARCHAR' }],
    ['version 0', { version: 0 }],
    ['a fractional version', { version: 1.5 }],
    ['a version that a double cannot hold', { version: 2 ** 53 }],
  ])('rejects a row with %s', (_, overrides) => {
    expect(prepareRow(rowOf(overrides), 0, new DimensionSets())).toMatchObject({
      refusal: { reason: 'invalid' },
    });
  });

  it.each<[string, Partial<Row>]>([
    ['before 1970', { time: '-1' }],
    ['after 2262', { time: '9223372037' }],
    ['that is no whole number', { time: '1.5' }],
  ])('rejects a time %s', (_, overrides) => {
    expect(prepareRow(rowOf(overrides), 0, new DimensionSets())).toMatchObject({
      refusal: { reason: 'time_out_of_range' },
    });
  });

  it('writes negative zero as zero', () => {
    expect(prepareRow(rowOf({ measureValue: '-0.0' }), 0, new DimensionSets())).toMatchObject({
      prepared: { row: { measureValue: '0' } },
    });
  });
});

function ab() {
  return [dimension('a'), dimension('b')];
}
