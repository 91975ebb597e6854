import { decodePoint, seriesKey, type Point, type PointRefusal } from '@highwater/model';
import { createHash } from 'node:crypto';
import type { Line } from './read-lines.ts';

/** Why a line is not sent. A closed set: a metrics label. */
export type LineRefusal = PointRefusal | 'too_long' | 'not_utf8' | 'not_json' | 'not_an_object';

/** A line read as a point, `empty` for a blank line, or the reason why it is not a point. */
export type ReadLine =
  | {
      readonly kind: 'point';
      readonly point: Point;
      readonly bytes: Uint8Array;
      /** The decoded text of the bytes. */
      readonly text: string;
    }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bad'; readonly reason: LineRefusal; readonly detail: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads one line of a file of points. Never throws on bad input. */
export function readPoint({ bytes }: Pick<Line, 'bytes'>): ReadLine {
  if (!bytes) return bad('too_long', 'the line is longer than the largest record of a stream');
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return bad('not_utf8', 'the bytes are not UTF-8');
  }
  if (text.trim() === '') return { kind: 'empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad('not_json', (error as SyntaxError).message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return bad('not_an_object', 'the line is not a JSON object');
  }
  const decoded = decodePoint(value as Readonly<Record<string, unknown>>, () => text);
  return decoded.ok
    ? { kind: 'point', point: decoded.point, bytes, text }
    : bad(decoded.reason, decoded.detail);
}

function bad(reason: LineRefusal, detail: string): ReadLine {
  return { kind: 'bad', reason, detail };
}

/** A partition key that keeps all measures of equal dimensions together. */
export function partitionKeyOf({ series }: Point): string {
  const ofDimensions = seriesKey({ ...series, measureName: '', measureValueType: 'DOUBLE' });
  return createHash('sha256').update(ofDimensions).digest('base64url').slice(0, 22);
}
