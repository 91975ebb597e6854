import type { DeadLetterView } from '../contract.ts';

/** As much as a person reads. */
const shownBytesMax = 16_384;

/** The bytes of a dead letter as a person can read them. */
export function decodePayload(payload: Uint8Array): DeadLetterView['payload'] {
  const sizeBytes = payload.byteLength;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    if (hasControlCharacters(text)) return { kind: 'bytes', text: hexDump(payload), sizeBytes };
    try {
      const json = JSON.stringify(JSON.parse(text), null, 2);
      return { kind: 'json', text: json.slice(0, shownBytesMax), sizeBytes };
    } catch {
      return { kind: 'text', text: text.slice(0, shownBytesMax), sizeBytes };
    }
  } catch {
    return { kind: 'bytes', text: hexDump(payload), sizeBytes };
  }
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
