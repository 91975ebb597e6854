/**
 * Different texts of the same length and hash, as an attacker who has read `hashSpan` could make
 * them. Each of its four lanes takes a word of every sixteen bytes, and the lane's next word undoes
 * the change of the previous one.
 *
 * @param prefix common start of the texts, and `suffix` their common end: ASCII, the suffix with at
 * most twelve characters
 */
export function* collidingTexts(
  { prefix, suffix = '' }: { readonly prefix: string; readonly suffix?: string },
  count: number,
): Generator<string> {
  const blockStart = Math.ceil(prefix.length / 16) * 16;
  const length = blockStart + 32;
  let lane = length;
  const padded = prefix.padEnd(blockStart, '-');
  for (let at = 0; at < blockStart; at += 16) lane = step(lane, wordOf(padded, at));
  const filler = '-'.repeat(12);
  let target: number | undefined;
  for (let number = 0, found = 0; found < count; number++) {
    const first = number.toString(36).padStart(4, '0').slice(-4);
    const between = rotated(step(lane, wordOf(first, 0)));
    target ??= between ^ wordOf('zzzz', 0);
    const second = textOf(between ^ target);
    if (!/^[!#-[\]-~]{4}$/.test(second)) continue;
    found += 1;
    yield `${padded}${first}${filler}${second}${suffix.padStart(12, '-')}`;
  }
}

function step(lane: number, word: number): number {
  return Math.imul(rotated(lane) ^ word, 0x9e3779b1);
}

function rotated(lane: number): number {
  return (lane << 5) | (lane >>> 27);
}

function wordOf(text: string, at: number): number {
  const [a, b, c, d] = [0, 1, 2, 3].map((offset) => text.charCodeAt(at + offset));
  return (a ?? 0) | ((b ?? 0) << 8) | ((c ?? 0) << 16) | ((d ?? 0) << 24);
}

function textOf(word: number): string {
  return String.fromCharCode(
    word & 0xff,
    (word >>> 8) & 0xff,
    (word >>> 16) & 0xff,
    (word >>> 24) & 0xff,
  );
}
