import type { Series } from '@highwater/model';

/**
 * 32 bits of the texts in which series of one fleet differ: their measures and values. Says nothing
 * against an enemy, so what it finds must be compared, and how much is bounded.
 */
export function hashSeries({ measureName, dimensions }: Series): number {
  let hash = hashText(dimensions.length, measureName);
  for (const { value } of dimensions) hash = hashText(hash, value);
  return hash;
}

/** Whether two series, as they are decoded, are equal. */
export function isSameSeries(a: Series, b: Series): boolean {
  if (a.measureName !== b.measureName || a.measureValueType !== b.measureValueType) return false;
  if (a.dimensions.length !== b.dimensions.length) return false;
  for (let at = 0; at < a.dimensions.length; at++) {
    const [own, other] = [a.dimensions[at], b.dimensions[at]];
    if (own === other) continue;
    if (own?.value !== other?.value || own?.name !== other?.name) return false;
  }
  return true;
}

function hashText(seed: number, text: string): number {
  let hash = Math.imul(seed ^ text.length, 0x85ebca6b);
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
