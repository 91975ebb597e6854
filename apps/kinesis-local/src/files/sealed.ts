import { createHash } from 'node:crypto';

const start = '{"sha256":"';
const middle = '","content":';
const end = '}\n';
const hashLength = 64;

/** JSON with its checksum, as JSON. */
export function seal(content: string): string {
  return `${start}${hashOf(content)}${middle}${content}${end}`;
}

/** Whether a text has the form of JSON with a checksum. It may still be damaged. */
export function isSealed(text: string): boolean {
  return text.startsWith(start);
}

/** @returns the content; undefined when any byte differs from the sealed text */
export function unseal(text: string): string | undefined {
  const content = text.slice(start.length + hashLength + middle.length, -end.length);
  return text === seal(content) ? content : undefined;
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
