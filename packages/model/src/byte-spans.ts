/**
 * Folds some bytes into a hash, four at a time. Spreads well over all 32 bits; says nothing against
 * an enemy, so what it finds must be compared.
 */
export function hashSpan(view: DataView, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ view.getInt32(at, true), 0x9e3779b1);
  }
  for (; at < end; at++) {
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ view.getUint8(at), 0x9e3779b1);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/**
 * Whether two spans of one length hold the same bytes, eight at a time. One of them is JSON text, and
 * so holds no NUL: as doubles, bytes that differ are never equal then, as the two zeros would be.
 * (Bytes that are not a number differ from themselves, and so are only not found.)
 */
export function equalSpans(
  a: DataView,
  aStart: number,
  b: DataView,
  bStart: number,
  length: number,
): boolean {
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    if (a.getFloat64(aStart + at, true) !== b.getFloat64(bStart + at, true)) return false;
  }
  for (; at < length; at++) {
    if (a.getUint8(aStart + at) !== b.getUint8(bStart + at)) return false;
  }
  return true;
}
