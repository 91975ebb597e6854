import type { z } from 'zod';
import { keptLetter } from '../contract.ts';
import type { LineHead } from './read-newest-lines.ts';

/** A letter, with the first bytes of its record. */
export interface ParsedLetter extends Omit<z.output<typeof keptLetter>, 'payload'> {
  readonly payload: Buffer;
  /** Size of the whole record. */
  readonly payloadBytes: number;
}

/** Services write the payload last, so the first bytes of a letter contain everything else. */
const toPayload = ',"payload":"';

/** Reads a line as a letter; undefined when it is torn, damaged, or not a letter. */
export function parseLetter(line: LineHead): ParsedLetter | undefined {
  if (!line.isIntact) return undefined;
  const isWhole = line.head.length === line.bytes;
  const at = isWhole ? -1 : line.head.indexOf(toPayload) + toPayload.length;
  // A line whose other members do not fit in the limit is not a letter of Highwater.
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

/** Number of bytes represented by the base64 text from an index to the end of its line. */
function decodedBytes({ bytes, end }: LineHead, at: number): number {
  const characters = bytes - at - '"}'.length;
  const padding = end.toString('latin1').replace('"}', '').split('=').length - 1;
  return (characters / 4) * 3 - padding;
}
