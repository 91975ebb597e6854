import { z } from 'zod';
import { firings, type Progress, type WindowPartial } from './partial.ts';
import { measureValueTypes } from './series.ts';

/** One line of a record on the results stream. */
export type ResultsLine =
  | { readonly kind: 'partial'; readonly partial: WindowPartial }
  | { readonly kind: 'progress'; readonly progress: Progress };

/** What a line of a results record holds, or why it cannot be used. */
export type DecodedLine =
  | { readonly ok: true; readonly line: ResultsLine }
  | {
      readonly ok: false;
      readonly reason: 'not_utf8' | 'not_json' | 'not_a_result';
      readonly detail: string;
      readonly payload: Uint8Array;
    };

const time = z.int();
const count = z.int().nonnegative();
/** JSON has no infinities: a sum beyond the range of doubles is written as null and read as NaN. */
const cell = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const partialSchema = z
  .object({
    view: z.string().min(1),
    revision: count,
    series: z.object({
      measureName: z.string().min(1),
      measureValueType: z.enum(measureValueTypes),
      dimensions: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
    startMs: time,
    endMs: time,
    source: z.string().min(1),
    accumulator: z.array(cell),
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
  children: z.array(z.string()),
  peers: z.array(z.string()),
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
 * spoil its neighbours.
 */
export function decodeResultsRecord(data: Uint8Array): readonly DecodedLine[] {
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    return [{ ok: false, reason: 'not_utf8', detail: 'the bytes are not UTF-8', payload: data }];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(decodeLine);
}

function decodeLine(text: string): DecodedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = (error as SyntaxError).message;
    return { ok: false, reason: 'not_json', detail, payload: encoder.encode(text) };
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return { ok: true, line: parsed.data };
  const detail = z.prettifyError(parsed.error);
  return { ok: false, reason: 'not_a_result', detail, payload: encoder.encode(text) };
}
