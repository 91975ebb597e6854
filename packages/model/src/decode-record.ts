import { decodePoint } from './decode-point.ts';
import { openBracket, skipSpace } from './json-text.ts';
import { parseJson } from './parse-json.ts';
import type { PointRefusal } from './point-refusal.ts';
import type { Point } from './point.ts';
import { splitArray } from './split-array.ts';

/** Why a record, or one element of it, is not a point. A closed set: a metrics label. */
export type DecodeReason =
  | 'empty'
  | 'too_large'
  | 'not_utf8'
  | 'not_json'
  | 'not_an_object'
  | 'too_many_faults'
  | PointRefusal;

/** One element of a record, by its index from 0: a point, or the reason why it is not one. */
export type Decoded =
  | { readonly ok: true; readonly index: number; readonly point: Point }
  | {
      readonly ok: false;
      readonly index: number;
      readonly reason: DecodeReason;
      readonly detail: string;
    };

/** The largest record a stream accepts (Kinesis: 10 MiB when the stream allows large records). */
export const recordBytesMax = 10 * 1024 * 1024;

/** Limits on the work and the memory that one record can cost. */
export const elementLimits = {
  /**
   * Maximum length that is parsed as JSON in one call, in UTF-16 units. A storable point has at
   * most about 12,000, if every character is escaped.
   */
  charactersMax: 65_536,
  /** Elements of one record that are rejected individually. After that, the rest is dropped. */
  refusedMax: 1_000,
  /**
   * Maximum length of the message about one element, because messages of `JSON.parse` quote their
   * input.
   */
  detailCharactersMax: 240,
} as const;

const noElement = 'the record is blank or an empty array';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a raw record: one JSON object, a JSON array of them, or several separated by newlines.
 *
 * A bad element does not affect its neighbors, if its end can be found. Elements are decoded on demand.
 * Never throws on bad input.
 *
 * @returns one entry per element, in order; never empty
 */
export function decodeRecord(data: Uint8Array): Iterable<Decoded> {
  if (data.length > recordBytesMax) {
    return [
      refuse(
        0,
        'too_large',
        `the record has ${data.length} bytes, but at most ${recordBytesMax} are read`,
      ),
    ];
  }
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    return [refuse(0, 'not_utf8', 'the bytes are not UTF-8')];
  }
  if (text.length > elementLimits.charactersMax) return bounded(decodePieces(text));
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return bounded(decodePieces(text));
  }
  return Array.isArray(value)
    ? bounded(decodeArray(value, text))
    : [decodeElement(value, 0, () => text)];
}

/**
 * Rejects a record that consists of faults as a whole, because each would cost a parse and a
 * rejection.
 */
function* bounded(elements: Iterable<Decoded>): Generator<Decoded> {
  const { refusedMax } = elementLimits;
  let refusedCount = 0;
  for (const decoded of elements) {
    if (!decoded.ok) refusedCount += 1;
    if (refusedCount > refusedMax) {
      const detail = `the record has ${refusedMax} invalid elements, so the rest of it is not read`;
      yield refuse(decoded.index, 'too_many_faults', detail);
      return;
    }
    yield decoded;
  }
}

/** For an array that is valid JSON: the same result as `decodePieces`, but faster. */
function* decodeArray(elements: readonly unknown[], text: string): Generator<Decoded> {
  if (elements.length === 0) yield refuse(0, 'empty', noElement);
  let texts: readonly string[] | undefined;
  for (const [index, element] of elements.entries()) {
    yield decodeElement(element, index, () => {
      texts ??= [...elementTexts(text)];
      return texts[index] ?? '';
    });
  }
}

function* decodePieces(text: string): Generator<Decoded> {
  let index = 0;
  for (const piece of pieces(text)) {
    yield typeof piece === 'string'
      ? decodeText(piece, index)
      : refuse(index, 'not_json', piece.broken);
    index += 1;
  }
  if (index === 0) yield refuse(0, 'empty', noElement);
}

/**
 * The texts of a record's elements, as `decodeRecord` separates and counts them. A broken end
 * counts as one.
 */
export function* elementTexts(text: string): Generator<string> {
  for (const piece of pieces(text)) yield typeof piece === 'string' ? piece : '';
}

type Piece = string | { readonly broken: string };

function* pieces(text: string): Generator<Piece> {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) === openBracket) {
    for (const piece of splitArray(text, start)) yield 'text' in piece ? piece.text : piece;
    return;
  }
  for (let at = start; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(at, end).trim();
    at = skipSpace(text, end);
  }
}

function decodeText(text: string, index: number): Decoded {
  const { charactersMax } = elementLimits;
  if (text.length > charactersMax) {
    const detail = `the element has ${text.length} characters, but at most ${charactersMax} are read`;
    return refuse(index, 'too_large', detail);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    return refuse(index, 'not_json', (error as SyntaxError).message);
  }
  return decodeElement(value, index, () => text);
}

function decodeElement(value: unknown, index: number, textOf: () => string): Decoded {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(index, 'not_an_object', 'the element is not a JSON object');
  }
  const decoded = decodePoint(value as Readonly<Record<string, unknown>>, textOf);
  return decoded.ok
    ? { ok: true, index, point: decoded.point }
    : refuse(index, decoded.reason, decoded.detail);
}

function refuse(index: number, reason: DecodeReason, detail: string): Decoded {
  return { ok: false, index, reason, detail: detail.slice(0, elementLimits.detailCharactersMax) };
}
