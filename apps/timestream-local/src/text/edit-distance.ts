/** As in Trino; nothing else happens in the process while a distance is computed. */
const comparisonsMax = 1_000_000;

/**
 * The least number of characters inserted, deleted or replaced that makes one text the other.
 *
 * @throws {Error} when the texts are too long
 */
export function levenshtein(left: string, right: string): bigint {
  const [a, b] = [Array.from(left), Array.from(right)];
  if (a.length * (b.length - 1) > comparisonsMax) {
    throw new Error(
      'The combined inputs for Levenshtein distance are too large: at most 1,000,000 characters of one times characters of the other',
    );
  }
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, character] of a.entries()) {
    const next = [at + 1];
    for (const [other, target] of b.entries()) {
      const replaced = (row[other] ?? 0) + (character === target ? 0 : 1);
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return BigInt(row.at(-1) ?? 0);
}

/**
 * At how many places two texts differ.
 *
 * @throws {Error} when they are not of the same length
 */
export function hamming(left: string, right: string): bigint {
  const [a, b] = [Array.from(left), Array.from(right)];
  if (a.length !== b.length) {
    throw new Error('The input strings to hamming_distance function must have the same length');
  }
  return BigInt(a.filter((character, at) => character !== b[at]).length);
}
