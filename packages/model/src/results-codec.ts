import { z } from 'zod';
import { crc32c } from './crc32c.ts';
import { firings, type Progress, type WindowPartial } from './partial.ts';
import { measureValueTypes, type Dimension } from './series.ts';

/** One line of a record on the results stream. */
export type ResultsLine =
  | { readonly kind: 'partial'; readonly partial: WindowPartial }
  | { readonly kind: 'progress'; readonly progress: Progress };

/** Why a record on the results stream, or one line of it, cannot be used. A closed set: a metrics label. */
export type ResultRefusal =
  'empty' | 'damaged' | 'not_utf8' | 'too_large' | 'not_json' | 'not_a_result' | 'too_many_faults';

/** The content of a line of a results record, or the reason why it cannot be used. */
export type DecodedLine =
  | { readonly ok: true; readonly line: ResultsLine }
  | {
      readonly ok: false;
      readonly reason: ResultRefusal;
      readonly detail: string;
      /**
       * The line itself; for `too_many_faults`, also everything after it; for damage, the whole
       * record.
       */
      readonly payload: Uint8Array;
    };

/**
 * The first byte of a record: the format byte, or the brace that starts a record of the previous
 * format. They differ in five bits.
 */
const format = 2;
const braceOfFormat1 = 0x7b;
const headerBytes = 5;
/**
 * The character that ends a line. It cannot occur in JSON, so the tail of a record that lost its header
 * contains no line of the previous format.
 */
const lineEnd = '\x1e';
const lineEndOfFormat1 = '\n';

/**
 * The size of a full record of the stream, because parsing JSON can take a hundred times its
 * length.
 */
const lineCharactersMax = 1024 * 1024;
/** Lines of one record that are rejected individually. After that, the rest is dropped. */
const refusedMax = 100;
const detailCharactersMax = 240;

const time = z.int();
const count = z.int().nonnegative();
/**
 * A list whose items are checked together, because a separate issue for each of a million wrong
 * items would need more memory than the service has.
 */
function list<T>(what: string, isItem: (item: unknown) => item is T) {
  return z.custom<readonly T[]>((value) => Array.isArray(value) && value.every(isItem), {
    error: `expected a list of ${what}`,
  });
}

const texts = list('texts', (item): item is string => typeof item === 'string');

/**
 * JSON has no infinities, so a sum beyond the range of doubles is written as null and read as NaN.
 */
const cells = list(
  'numbers',
  (item): item is number | null => item === null || Number.isFinite(item),
).transform((values) => values.map((value) => value ?? Number.NaN));

const dimensions = list('dimensions', isDimension).transform((items) =>
  items.map(({ name, value }) => ({ name, value })),
);

function isDimension(item: unknown): item is Dimension {
  if (typeof item !== 'object' || item === null) return false;
  const { name, value } = item as Partial<Dimension>;
  return typeof name === 'string' && typeof value === 'string';
}

const partialSchema = z
  .object({
    view: z.string().min(1),
    revision: count,
    series: z.object({
      measureName: z.string().min(1),
      measureValueType: z.enum(measureValueTypes),
      dimensions,
    }),
    startMs: time,
    endMs: time,
    source: z.string().min(1),
    accumulator: cells,
    contributions: z.int().positive(),
    lateContributions: count,
    firing: z.enum(firings),
    newestEventTimeMs: time,
    newestArrivalTimeMs: time,
  })
  .refine((partial) => partial.startMs < partial.endMs, 'startMs must be before endMs');

const progressSchema = z.object({
  source: z.string().min(1),
  settledMs: time.nullable(),
  isEnded: z.boolean(),
  children: texts,
  peers: texts,
  views: z
    .array(z.object({ view: z.string().min(1), revision: count, beginsAtMs: time.nullable() }))
    .default([]),
});

const lineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partial'), partial: partialSchema }),
  z.object({ kind: z.literal('progress'), progress: progressSchema }),
]);

const utf8 = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

/** One line for the results stream: JSON, without its line ending. */
export function encodeResultsLine(line: ResultsLine): string {
  return JSON.stringify(line);
}

/**
 * A record of the results stream: one format byte, the CRC-32C of the rest in four bytes (big
 * endian), and the lines, each with its line ending.
 *
 * @param lines results of `encodeResultsLine`, at least one
 */
export function encodeResultsRecord(lines: readonly string[]): Uint8Array {
  const text = lines.join(lineEnd) + lineEnd;
  const data = Buffer.allocUnsafe(headerBytes + Buffer.byteLength(text));
  data.write(text, headerBytes);
  data.writeUInt8(format, 0);
  data.writeUInt32BE(crc32c(data.subarray(headerBytes)), 1);
  return data;
}

/**
 * Reads a record of the results stream. Never throws on bad input. A changed record is rejected as
 * a whole. A record of the previous format, JSON lines without a checksum, is also accepted. There,
 * a bad line does not affect its neighbors, unless so many are bad that the rest is dropped.
 */
export function* decodeResultsRecord(data: Uint8Array): Generator<DecodedLine> {
  if (data.length === 0) {
    yield { ok: false, reason: 'empty', detail: 'the record has no bytes', payload: data };
    return;
  }
  if (data[0] === braceOfFormat1) {
    yield* decodeLines(data, data, lineEndOfFormat1);
    return;
  }
  const damage = findDamage(data);
  if (damage === undefined) yield* decodeLines(data, data.subarray(headerBytes), lineEnd);
  else yield { ok: false, reason: 'damaged', detail: damage, payload: data };
}

/** The difference between a record and a valid one, in words. */
function findDamage(data: Uint8Array): string | undefined {
  if (data[0] !== format)
    return `its first byte is ${data[0]}, but records of this format start with ${format}`;
  if (data.length <= headerBytes)
    return `it has only ${data.length} bytes, so its header is incomplete`;
  const { buffer, byteOffset, byteLength } = data;
  const written = new DataView(buffer, byteOffset, byteLength).getUint32(1);
  return crc32c(data.subarray(headerBytes)) === written
    ? undefined
    : `the checksum of its ${data.length - headerBytes} bytes of lines does not match its header`;
}

/** @param data the whole record, for letters */
function* decodeLines(data: Uint8Array, lines: Uint8Array, end: string): Generator<DecodedLine> {
  let text: string;
  try {
    text = utf8.decode(lines);
  } catch {
    yield { ok: false, reason: 'not_utf8', detail: 'the bytes are not UTF-8', payload: data };
    return;
  }
  let refusedCount = 0;
  for (let at = 0; at < text.length;) {
    const found = text.indexOf(end, at);
    const to = found === -1 ? text.length : found;
    if (to > at) {
      const decoded = decodeLine(text.slice(at, to));
      if (!decoded.ok && ++refusedCount > refusedMax) {
        const detail = `the record has ${refusedMax} invalid lines, so the rest of it is not read`;
        yield refuse('too_many_faults', detail, text.slice(at));
        return;
      }
      yield decoded;
    }
    at = to + 1;
  }
}

function decodeLine(text: string): DecodedLine {
  if (text.length > lineCharactersMax) {
    const detail = `the line has ${text.length} characters, but at most ${lineCharactersMax} are read`;
    return refuse('too_large', detail, text);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse('not_json', (error as SyntaxError).message, text);
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return { ok: true, line: parsed.data };
  return refuse('not_a_result', z.prettifyError(parsed.error), text);
}

function refuse(reason: ResultRefusal, detail: string, text: string): DecodedLine {
  const payload = encoder.encode(text);
  return { ok: false, reason, detail: detail.slice(0, detailCharactersMax), payload };
}
