import { hash } from 'node:crypto';
import type { IncomingDimensions } from './incoming-record.ts';

/** 128 bits that stand for a series. */
export interface SeriesDigest {
  readonly high: bigint;
  readonly low: bigint;
}

/** A series as one text. Lengths go before the texts, so that no text can pass for a border. */
export function seriesText(measureName: string, dimensions: IncomingDimensions): string {
  const parts = [measureName.length, ':', measureName];
  for (const [name, value] of dimensions) {
    parts.push(name.length, ':', name, value.length, ':', value);
  }
  return parts.join('');
}

/**
 * The digest of a series' text: half of its SHA-256, so that no two series that occur or that
 * somebody makes up have the same one.
 */
export function digestOf(text: string): SeriesDigest {
  const bytes = hash('sha256', text, 'buffer');
  return { high: bytes.readBigInt64LE(0), low: bytes.readBigInt64LE(8) };
}
