import type { Dimension, Series } from './series.ts';

/**
 * A 32-bit hash of the texts in which the series of one fleet differ: their measures and values. An
 * attacker can create collisions, so matches must be compared, and their number must be limited.
 */
export function hashSeries({ measureName, dimensions }: Series): number {
  return hashValues(hashText(dimensions.length, measureName), dimensions);
}

/** Like `hashSeries`, for dimensions alone. */
export function hashDimensions(dimensions: readonly Dimension[]): number {
  return hashValues(dimensions.length, dimensions);
}

/** Whether two decoded series are equal. */
export function isSameSeries(a: Series, b: Series): boolean {
  return (
    a.measureName === b.measureName &&
    a.measureValueType === b.measureValueType &&
    isSameDimensions(a.dimensions, b.dimensions)
  );
}

/** Whether two lists contain the same dimensions in the same order. */
export function isSameDimensions(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) {
    const [own, other] = [a[at], b[at]];
    if (own === other) continue;
    if (own?.value !== other?.value || own?.name !== other?.name) return false;
  }
  return true;
}

function hashValues(seed: number, dimensions: readonly Dimension[]): number {
  let hash = seed;
  for (let at = 0; at < dimensions.length; at++) {
    hash = hashText(hash, (dimensions[at] as Dimension).value);
  }
  return hash;
}

function hashText(seed: number, text: string): number {
  let hash = Math.imul(seed ^ text.length, 0x85ebca6b);
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
