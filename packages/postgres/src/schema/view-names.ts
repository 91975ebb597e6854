import { createHash } from 'node:crypto';

/** PostgreSQL cuts longer names off, and two could become one. */
const nameBytesMax = 63;
const hashLength = 8;

/**
 * A name that PostgreSQL takes as it is.
 *
 * @returns the name itself, or its beginning and a hash where it is too long
 */
export function safeName(name: string): string {
  if (Buffer.byteLength(name) <= nameBytesMax) return name;
  return `${cutBytes(name, nameBytesMax - hashLength - 1)}_${hashOf(name)}`;
}

/** A name for a column beside others. */
export function columnName(name: string, taken: ReadonlySet<string>): string {
  const plain = safeName(name);
  if (!taken.has(plain)) return plain;
  const longer = safeName(`dimension_${name}`);
  return taken.has(longer)
    ? `${cutBytes(longer, nameBytesMax - hashLength - 1)}_${hashOf(name)}`
    : longer;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, hashLength);
}

function cutBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) return cut;
    cut += character;
  }
  return cut;
}
