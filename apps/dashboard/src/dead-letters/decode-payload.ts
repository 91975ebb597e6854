import { elementTexts, type RefusedElements } from '@highwater/model';
import type { DeadLetterView } from '../contract.ts';

/** The amount that a person reads. */
const shownBytesMax = 16_384;
const elementsShownMax = 20;

/** Facts about the record besides its first bytes. */
export interface PayloadFacts {
  /** Size of the whole record. @default the size of the given bytes */
  readonly sizeBytes?: number | undefined;
  /** Present if only some elements of the record are meant, which are then shown. */
  readonly elements?: RefusedElements | undefined;
}

/**
 * The bytes of a dead letter in readable form.
 *
 * @param payload the record, or its first bytes
 */
export function decodePayload(
  payload: Uint8Array,
  { sizeBytes = payload.byteLength, elements }: PayloadFacts = {},
): DeadLetterView['payload'] {
  let text: string;
  try {
    // The first bytes may end in the middle of a character.
    const isCut = payload.byteLength < sizeBytes;
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload, { stream: isCut });
  } catch {
    return { kind: 'bytes', text: hexDump(payload), sizeBytes };
  }
  if (hasControlCharacters(text)) return { kind: 'bytes', text: hexDump(payload), sizeBytes };
  const shown = elements ? refusedTexts(text, elements) : [];
  if (shown.length > 0) {
    const all = shown.join('\n').slice(0, shownBytesMax);
    return { kind: 'text', text: all, sizeBytes, elementsShown: shown.length };
  }
  const json = indented(text);
  return json === undefined
    ? { kind: 'text', text: text.slice(0, shownBytesMax), sizeBytes }
    : { kind: 'json', text: json.slice(0, shownBytesMax), sizeBytes };
}

/** The first rejected elements, as they were sent. */
function refusedTexts(text: string, { ranges }: RefusedElements): readonly string[] {
  const shown: string[] = [];
  let index = 0;
  let charactersCount = 0;
  for (const element of elementTexts(text)) {
    const isRefused = ranges.some(([first, last]) => first <= index && index <= last);
    index += 1;
    if (!isRefused || element === '') continue;
    shown.push(element);
    charactersCount += element.length;
    if (shown.length === elementsShownMax || charactersCount >= shownBytesMax) break;
  }
  return shown;
}

/** The size of indentation grows with the square of the depth. */
const depthMax = 32;

/**
 * Indented JSON; undefined for invalid JSON. Long numbers would be rounded, so they stay as text.
 */
function indented(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isAsSent = /\d{16}/.test(text) || isDeep(text);
    return isAsSent ? text : JSON.stringify(value, null, 2);
  } catch {
    return undefined;
  }
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    if (depth > depthMax) return true;
  }
  return false;
}

function hasControlCharacters(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}

const dumpBytesMax = 1_024;

function hexDump(payload: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(payload.length, dumpBytesMax); at += 16) {
    const bytes = [...payload.subarray(at, at + 16)];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'));
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text.join('')}`);
  }
  if (payload.length > dumpBytesMax) lines.push('…');
  return lines.join('\n');
}
