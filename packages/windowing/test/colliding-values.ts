import type { Series } from '@highwater/model';

const factor = 0x01000193;
const lengthFactor = 0x85ebca6b;

/** A series of one measure and one dimension. */
export function seriesOf(value: string, name = 'host'): Series {
  return { measureName: 'm', measureValueType: 'DOUBLE', dimensions: [{ name, value }] };
}

/**
 * Values that give `seriesOf` one hash, as somebody would make who has read `hashSeries`: any two
 * characters that put the upper half of the hash right, and a third that puts the lower half right.
 */
export function collidingValues(count: number): string[] {
  const afterName = step(Math.imul(1 ^ 1, lengthFactor), 'm'.charCodeAt(0));
  const start = Math.imul(afterName ^ (afterName >>> 15) ^ 3, lengthFactor);
  const a = 'a'.charCodeAt(0);
  const wanted = step(step(start, a), a) ^ a;
  const values: string[] = [];
  for (let first = 0x20; values.length < count; first++) {
    const afterFirst = step(start, first);
    // No surrogates, which must occur in pairs.
    for (let second = 0x20; second < 0xd800; second++) {
      const third = step(afterFirst, second) ^ wanted;
      if (third < 0x20 || third >= 0xd800) continue;
      values.push(String.fromCharCode(first, second, third));
    }
  }
  return values.slice(0, count);
}

function step(hash: number, code: number): number {
  return Math.imul(hash ^ code, factor);
}
