import { describe, expect, it } from 'vitest';
import { joinLetters, lettersOfAggregateMax } from '../src/join-letters.ts';
import type { DeadLetterReason } from '../src/dead-letter-reasons.ts';
import { refusedByReason, type DeadLetter } from '../src/dead-letter.ts';

const letter = (
  sequenceNumber: string,
  subSequenceNumber: number,
  reason: DeadLetterReason = 'empty',
): DeadLetter => ({
  stage: 'aggregator',
  reason,
  detail: 'no text',
  payload: new TextEncoder().encode(String(subSequenceNumber)),
  stream: 'raw',
  shardId: 's',
  sequenceNumber,
  subSequenceNumber,
  arrivalTimeMs: 0,
});
const many = (sequenceNumber: string, count: number) =>
  Array.from({ length: count }, (_, sub) =>
    letter(sequenceNumber, sub, sub % 2 === 0 ? 'empty' : 'not_json'),
  );

describe('letters of one aggregate', () => {
  it('stay unchanged while they are few', () => {
    const letters = [...many('1', 60), ...many('2', 60)];
    expect(joinLetters(letters)).toEqual(letters);
  });

  it('are joined into one beyond a hundred, which counts and contains them all', () => {
    const letters = [...many('1', 5_000), letter('2', 0)];
    const bounded = joinLetters(letters);
    expect(bounded).toHaveLength(lettersOfAggregateMax + 2);
    expect(bounded.slice(0, 100)).toEqual(letters.slice(0, 100));
    expect(bounded.at(-1)).toEqual(letters.at(-1));
    const rest = bounded[100];
    expect(rest).toMatchObject({
      subSequenceNumber: 100,
      detail: 'no text; and 4899 more records of the same KPL aggregate, up to number 4999',
    });
    const payload = new TextDecoder().decode(rest?.payload).split('\n');
    expect(payload).toEqual(Array.from({ length: 4_900 }, (_, index) => String(100 + index)));
    const counts = new Map<string, number>();
    for (const each of bounded) {
      for (const [reason, count] of refusedByReason(each)) {
        counts.set(reason, (counts.get(reason) ?? 0) + count);
      }
    }
    expect(Object.fromEntries(counts)).toEqual({ empty: 2_501, not_json: 2_500 });
  });
});
