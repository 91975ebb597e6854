/** As in Trino. */
const comparisonsMax = 1_000_000;

/**
 * The minimum number of characters to insert, delete, or replace to turn one text into the other.
 *
 * @param spend called with the number of comparisons before they are made
 * @throws {Error} when the texts are too long
 */
export function levenshtein(left: string, right: string, spend: (units: number) => void): bigint {
  // A character is one or two units of UTF-16: beyond this the characters are too many as well.
  if (left.length * (right.length - 1) > 4 * comparisonsMax) throw tooLarge();
  const [a, b] = [codePoints(left), codePoints(right)];
  if (a.length * (b.length - 1) > comparisonsMax) throw tooLarge();
  spend(a.length * b.length * 20);
  // In place: a replaced item belonged to the row of one character less.
  const row = Int32Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 0; i < a.length; i += 1) {
    const character = a[i];
    let diagonal = i;
    let before = i + 1;
    row[0] = before;
    for (let j = 1; j < row.length; j += 1) {
      const above = row[j] ?? 0;
      const replaced = diagonal + (character === b[j - 1] ? 0 : 1);
      before = Math.min(replaced, above + 1, before + 1);
      diagonal = above;
      row[j] = before;
    }
  }
  return BigInt(row.at(-1) ?? 0);
}

function tooLarge(): Error {
  return new Error(
    'The combined inputs for Levenshtein distance are too large: at most 1,000,000 characters of one times characters of the other',
  );
}

/**
 * At how many places two texts differ.
 *
 * @throws {Error} when they are not of the same length
 */
export function hamming(left: string, right: string): bigint {
  const [a, b] = [codePoints(left), codePoints(right)];
  if (a.length !== b.length) {
    throw new Error('The input strings to hamming_distance function must have the same length');
  }
  let count = 0;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) count += 1;
  return BigInt(count);
}

function codePoints(text: string): Int32Array {
  const points = new Int32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; count += 1) {
    const point = text.codePointAt(at) ?? 0;
    points[count] = point;
    at += point > 0xffff ? 2 : 1;
  }
  return points.subarray(0, count);
}
