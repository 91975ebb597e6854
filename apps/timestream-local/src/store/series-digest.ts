import { hash } from 'node:crypto';
import type { IncomingDimensions } from './incoming-record.ts';

/** 128 bits that represent a series. */
export interface SeriesDigest {
  readonly high: bigint;
  readonly low: bigint;
}

/**
 * A series as one text. Each text follows its length, so that no text can be mistaken for a
 * separator.
 */
export function seriesText(measureName: string, dimensions: IncomingDimensions): string {
  const parts = [measureName.length, ':', measureName];
  for (const [name, value] of dimensions) {
    parts.push(name.length, ':', name, value.length, ':', value);
  }
  return parts.join('');
}

/**
 * The digest of a series' text: half of its SHA-256, so that no two series have the same one, even
 * if somebody crafts them.
 */
export function digestOf(text: string): SeriesDigest {
  const bytes = hash('sha256', text, 'buffer');
  return { high: bytes.readBigInt64LE(0), low: bytes.readBigInt64LE(8) };
}
