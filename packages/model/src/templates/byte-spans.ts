/**
 * Hashes some bytes, sixteen at a time, in four independent lanes. Spreads well over all 32 bits.
 * An attacker can create collisions, so matches must be compared.
 */
export function hashSpan(view: DataView, start: number, end: number): number {
  let hash = (end - start) | 0;
  let at = start;
  if (end - at >= 16) {
    let [a, b, c, d] = [hash, 0x85ebca6b | 0, 0xc2b2ae35 | 0, 0x27d4eb2f];
    for (; at + 16 <= end; at += 16) {
      a = Math.imul(((a << 5) | (a >>> 27)) ^ view.getInt32(at, true), 0x9e3779b1);
      b = Math.imul(((b << 5) | (b >>> 27)) ^ view.getInt32(at + 4, true), 0x9e3779b1);
      c = Math.imul(((c << 5) | (c >>> 27)) ^ view.getInt32(at + 8, true), 0x9e3779b1);
      d = Math.imul(((d << 5) | (d >>> 27)) ^ view.getInt32(at + 12, true), 0x9e3779b1);
    }
    hash = mix(mix(mix(a) ^ b) ^ c) ^ d;
  }
  for (; at < end; at++) {
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ view.getUint8(at), 0x9e3779b1);
  }
  return mix(hash);
}

function mix(bits: number): number {
  const mixed = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/**
 * Whether two spans of the same length contain the same bytes. Compares eight at a time, as
 * doubles. One of the spans is JSON text without NUL bytes, so different bytes are never equal as
 * doubles, unlike the two zeros. (Bytes that form a NaN differ from themselves, and are only missed
 * as a match.)
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
