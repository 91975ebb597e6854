import { z } from 'zod';
import { firings, type Progress, type WindowPartial } from './partial.ts';
import { measureValueTypes, type Dimension } from './series.ts';

/** One line of a record on the results stream. */
export type ResultsLine =
  | { readonly kind: 'partial'; readonly partial: WindowPartial }
  | { readonly kind: 'progress'; readonly progress: Progress };

/** What a line of a results record holds, or why it cannot be used. */
export type DecodedLine =
  | { readonly ok: true; readonly line: ResultsLine }
  | {
      readonly ok: false;
      readonly reason: 'not_utf8' | 'too_large' | 'not_json' | 'not_a_result' | 'too_many_faults';
      readonly detail: string;
      /** The line; of `too_many_faults` it and all that comes after it. */
      readonly payload: Uint8Array;
    };

/** As much as a record of the stream holds: to parse JSON can take a hundred times its length. */
const lineCharactersMax = 1024 * 1024;
/** Lines of one record that are refused one by one; at the next one the rest is given up. */
const refusedMax = 100;
const detailCharactersMax = 240;

const time = z.int();
const count = z.int().nonnegative();
/**
 * A list whose items are looked at in one go: an issue for each of a million wrong ones would cost more
 * memory than the service has.
 */
function list<T>(what: string, isItem: (item: unknown) => item is T) {
  return z.custom<readonly T[]>((value) => Array.isArray(value) && value.every(isItem), {
    error: `expected a list of ${what}`,
  });
}

const texts = list('texts', (item): item is string => typeof item === 'string');

/** JSON has no infinities: a sum beyond the range of doubles is written as null and read as NaN. */
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

/** One line for the results stream: JSON, without the newline. */
export function encodeResultsLine(line: ResultsLine): string {
  return JSON.stringify(line);
}

/**
 * Reads a record of the results stream: JSON lines. Never throws on bad input; a bad line does not
 * spoil its neighbours, unless there are so many that the rest of the record is given up.
 */
export function* decodeResultsRecord(data: Uint8Array): Generator<DecodedLine> {
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    yield { ok: false, reason: 'not_utf8', detail: 'the bytes are not UTF-8', payload: data };
    return;
  }
  let refusedCount = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    if (end > at) {
      const decoded = decodeLine(text.slice(at, end));
      if (!decoded.ok && ++refusedCount > refusedMax) {
        const detail = `after ${refusedMax} refused lines the rest of the record is not read`;
        yield refuse('too_many_faults', detail, text.slice(at));
        return;
      }
      yield decoded;
    }
    at = end + 1;
  }
}

function decodeLine(text: string): DecodedLine {
  if (text.length > lineCharactersMax) {
    const detail = `a line of ${text.length} characters, at most ${lineCharactersMax} are read`;
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

function refuse(
  reason: Extract<DecodedLine, { ok: false }>['reason'],
  detail: string,
  text: string,
): DecodedLine {
  const payload = encoder.encode(text);
  return { ok: false, reason, detail: detail.slice(0, detailCharactersMax), payload };
}
