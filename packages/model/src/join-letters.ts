import { refusedByReason, type DeadLetter } from './dead-letter.ts';

/** Records of one aggregate that each have a letter. */
export const lettersOfAggregateMax = 100;

const newline = Uint8Array.of(0x0a);

/**
 * Limits the letters of one aggregate: a letter takes about 250 bytes in addition to its payload, and
 * an aggregate of 1 MiB can have 170,000 records. The first hundred letters stay unchanged. Later ones
 * become one letter, with all their payloads in sequence, each on separate lines.
 *
 * @param letters of one shard, in the order of their records
 */
export function joinLetters(letters: readonly DeadLetter[]): readonly DeadLetter[] {
  if (letters.length <= lettersOfAggregateMax) return letters;
  const bounded: DeadLetter[] = [];
  let own: DeadLetter[] = [];
  const flush = () => {
    bounded.push(...own.slice(0, lettersOfAggregateMax));
    const rest = own.slice(lettersOfAggregateMax);
    if (rest.length > 0) bounded.push(joined(rest));
    own = [];
  };
  for (const letter of letters) {
    if (own.length > 0 && letter.sequenceNumber !== own[0]?.sequenceNumber) flush();
    own.push(letter);
  }
  flush();
  return bounded;
}

function joined(letters: readonly DeadLetter[]): DeadLetter {
  const [first, last] = [letters[0] as DeadLetter, letters.at(-1)];
  const reasons = new Map<string, number>();
  let refused = 0;
  for (const letter of letters) {
    for (const [reason, count] of refusedByReason(letter)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
      refused += count;
    }
  }
  const payloads = letters.flatMap(({ payload }, index) =>
    index === 0 ? [payload] : [newline, payload],
  );
  const payload = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of payloads) {
    payload.set(part, at);
    at += part.length;
  }
  const more = `and ${letters.length - 1} more records of the same KPL aggregate, up to number ${last?.subSequenceNumber}`;
  return {
    ...first,
    detail: `${first.detail}; ${more}`,
    elements: { refused, ranges: [], unlisted: refused, reasons: Object.fromEntries(reasons) },
    payload,
  };
}
