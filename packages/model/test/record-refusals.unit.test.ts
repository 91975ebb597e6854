import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordRefusals, refusedByReason } from '../src/index.ts';

const record = {
  sequenceNumber: '7',
  partitionKey: 'p',
  data: new Uint8Array([1, 2, 3]),
  arrivalTimeMs: 5,
};
const origin = { stage: 'raw-writer', stream: 'raw', shardId: 's1' };

function letterOf(indexes: readonly number[], elementsCount: number) {
  const refusals = new RecordRefusals();
  for (const index of indexes) {
    refusals.add({
      index,
      reason: index % 2 === 0 ? 'empty' : 'not_json',
      detail: `number ${index}`,
    });
  }
  return refusals.letter(record, origin, elementsCount);
}

describe('the letter of a record', () => {
  it('is about the whole record when it has one element', () => {
    expect(letterOf([0], 1)).toEqual({
      ...origin,
      sequenceNumber: '7',
      subSequenceNumber: undefined,
      arrivalTimeMs: 5,
      reason: 'empty',
      detail: 'number 0',
      payload: record.data,
    });
  });

  it('says which of several elements were rejected and why, in the words for the first', () => {
    expect(letterOf([5, 1, 2, 3], 9)).toMatchObject({
      reason: 'not_json',
      detail: 'number 1',
      elements: {
        refused: 4,
        ranges: [
          [1, 3],
          [5, 5],
        ],
        reasons: { not_json: 3, empty: 1 },
      },
    });
  });

  it('says so even when only one of several was rejected', () => {
    expect(letterOf([0], 2).elements).toEqual({
      refused: 1,
      ranges: [[0, 0]],
      reasons: { empty: 1 },
    });
  });

  // Goal: no rejected element is forgotten, and the letter stays small. Method: any indexes in two
  // rising passes, as a writer finds them. The ranges equal the set, as far as they are listed.
  it('lists rejected elements up to its limit, and counts the rest', () => {
    const anyIndexes = fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(anyIndexes, fc.func(fc.boolean()), (indexes, isFirst) => {
        const rising = indexes.toSorted((a, b) => a - b);
        const passes = [
          ...rising.filter((index) => isFirst(index)),
          ...rising.filter((index) => !isFirst(index)),
        ];
        const { elements, ...letter } = letterOf(passes, 2_000);
        if (!elements) throw new Error('there are several elements');
        const listed = elements.ranges.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, at) => first + at),
        );
        expect(elements.ranges.length).toBeLessThanOrEqual(64);
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.filter((index) => !indexes.includes(index))).toEqual([]);
        expect(listed.length + (elements.unlisted ?? 0)).toBe(indexes.length);
        const counted = refusedByReason({ ...letter, elements });
        expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(indexes.length);
        expect(JSON.stringify(elements).length).toBeLessThan(2_000);
      }),
    );
  });
});
