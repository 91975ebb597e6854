import type { FileHandle } from 'node:fs/promises';

/**
 * Writes all pieces. One write may take less than it was given, on a disk that is nearly full for one;
 * then the next says why.
 *
 * @returns bytes in all
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
