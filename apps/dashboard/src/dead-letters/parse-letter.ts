import type { z } from 'zod';
import { keptLetter } from '../contract.ts';
import type { LineHead } from './read-newest-lines.ts';

/** A letter, with the beginning of its record's bytes. */
export interface ParsedLetter extends Omit<z.output<typeof keptLetter>, 'payload'> {
  readonly payload: Buffer;
  /** Of the whole record. */
  readonly payloadBytes: number;
}

/** Services write the payload last, so that the rest of a letter is at its beginning. */
const toPayload = ',"payload":"';

/** Reads a line as a letter; undefined when it is torn, damaged, or none. */
export function parseLetter(line: LineHead): ParsedLetter | undefined {
  if (!line.isIntact) return undefined;
  const isWhole = line.head.length === line.bytes;
  const at = isWhole ? -1 : line.head.indexOf(toPayload) + toPayload.length;
  // A line so long whose other members do not fit is none of ours.
  if (!isWhole && at < toPayload.length) return undefined;
  const kept = isWhole ? line.head.length : line.head.length - ((line.head.length - at) % 4);
  const text = line.head.subarray(0, kept).toString() + (isWhole ? '' : '"}');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = keptLetter.safeParse(value);
  if (!parsed.success) return undefined;
  const { payload: base64, ...letter } = parsed.data;
  const payload = Buffer.from(base64, 'base64');
  const payloadBytes = isWhole ? payload.length : decodedBytes(line, at);
  return { ...letter, payload, payloadBytes };
}

/** How many bytes the base64 from a place to the end of its line stands for. */
function decodedBytes({ bytes, end }: LineHead, at: number): number {
  const characters = bytes - at - '"}'.length;
  const padding = end.toString('latin1').replace('"}', '').split('=').length - 1;
  return (characters / 4) * 3 - padding;
}
