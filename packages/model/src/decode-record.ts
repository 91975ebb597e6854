import { decodePoint } from './decode-point.ts';
import type { PointRefusal } from './point-refusal.ts';
import type { Point } from './point.ts';

/** Why a record, or one element of it, is not a point. A closed set: a metrics label. */
export type DecodeReason =
  'empty' | 'too_large' | 'not_utf8' | 'not_json' | 'not_an_object' | PointRefusal;

/** One element of a record: a point, or what is wrong with it and the bytes to set aside. */
export type Decoded =
  | { readonly ok: true; readonly point: Point }
  | {
      readonly ok: false;
      readonly reason: DecodeReason;
      readonly detail: string;
      readonly payload: Uint8Array;
    };

/** The largest record a stream accepts (Kinesis: 10 MiB when the stream allows large records). */
export const recordBytesMax = 10 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/**
 * Reads a raw record: one JSON object, a JSON array of them, or several separated by newlines.
 *
 * A bad element does not spoil its neighbours. Never throws on bad input.
 *
 * @returns one entry an element, in order; never empty
 */
export function decodeRecord(data: Uint8Array): readonly Decoded[] {
  if (data.length > recordBytesMax) {
    return [refuse('too_large', `${data.length} bytes, at most ${recordBytesMax} are read`, data)];
  }
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    return [refuse('not_utf8', 'the bytes are not UTF-8', data)];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return decodeLines(text, data, (error as SyntaxError).message);
  }
  return Array.isArray(value) ? decodeArray(value, data) : [decodeElement(value, data)];
}

function decodeArray(elements: readonly unknown[], data: Uint8Array): readonly Decoded[] {
  if (elements.length === 0) return [refuse('empty', 'an empty array', data)];
  return elements.map((element) => {
    const decoded = decodeElement(element, data);
    return decoded.ok ? decoded : { ...decoded, payload: encoder.encode(JSON.stringify(element)) };
  });
}

/** Several objects separated by newlines; a record of one line is simply not JSON. */
function decodeLines(text: string, data: Uint8Array, parseError: string): readonly Decoded[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return [refuse('empty', 'no text', data)];
  if (lines.length === 1) return [refuse('not_json', parseError, data)];
  return lines.map((line) => {
    const payload = encoder.encode(line);
    try {
      return decodeElement(JSON.parse(line), payload);
    } catch (error) {
      return refuse('not_json', (error as SyntaxError).message, payload);
    }
  });
}

function decodeElement(value: unknown, payload: Uint8Array): Decoded {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('not_an_object', 'a point is a JSON object', payload);
  }
  const decoded = decodePoint(value as Readonly<Record<string, unknown>>);
  return decoded.ok ? decoded : refuse(decoded.reason, decoded.detail, payload);
}

function refuse(reason: DecodeReason, detail: string, payload: Uint8Array): Decoded {
  return { ok: false, reason, detail, payload };
}
