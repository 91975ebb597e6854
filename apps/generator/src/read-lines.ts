/** One line of a file, without its end. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Where it starts in the input, in bytes. */
  readonly offset: number;
  /** Undefined when the line exceeds the limit. */
  readonly bytes?: Uint8Array | undefined;
}

export const newline = 0x0a;

/**
 * Reads lines as they arrive. Returns one array per chunk of input that ends at least one line, so
 * that a live input is passed on immediately.
 *
 * @param lineBytesMax longer lines are reported without their text, so memory is limited whatever
 * the input
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  let number = 0;
  let offset = 0;
  let parts: Uint8Array[] = [];
  let partsBytes = 0;
  const keep = (part: Uint8Array) => {
    partsBytes += part.length;
    if (partsBytes <= lineBytesMax) parts.push(part);
    else parts = [];
  };
  const end = (): Line => {
    const isTooLong = partsBytes > lineBytesMax;
    const bytes = isTooLong ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const line = { number: ++number, offset, bytes };
    offset += partsBytes + 1;
    parts = [];
    partsBytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let startIndex = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, startIndex)) {
      keep(chunk.subarray(startIndex, at));
      lines.push(end());
      startIndex = at + 1;
    }
    if (startIndex < chunk.length) keep(chunk.subarray(startIndex));
    if (lines.length > 0) yield lines;
  }
  if (partsBytes > 0) yield [end()];
}
