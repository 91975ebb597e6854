import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all pieces. A single write may accept only a part, for example on a nearly full disk. The
 * next one then reports why.
 *
 * @returns total bytes
 */
export async function writeFully(
  file: Pick<FileHandle, 'writev'>,
  pieces: readonly Uint8Array[],
): Promise<number> {
  let rest = pieces.filter(({ length }) => length > 0);
  let done = 0;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    if (bytesWritten === 0) throw new Error(`the file accepts no more than ${done} bytes`);
    done += bytesWritten;
    rest = withoutFirst(rest, bytesWritten);
  }
  return done;
}

function withoutFirst(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const rest = [...pieces];
  let left = bytes;
  for (let [first] = rest; first !== undefined && left >= first.length; [first] = rest) {
    left -= first.length;
    rest.shift();
  }
  const [first] = rest;
  if (first !== undefined) rest[0] = first.subarray(left);
  return rest;
}
