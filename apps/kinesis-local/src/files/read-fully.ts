import type { FileHandle } from 'node:fs/promises';

/**
 * Fills a buffer from a file. A single read may return fewer bytes than requested, even before the
 * end of the file, which must not be mistaken for damage.
 *
 * @returns how many bytes the file had; fewer than the size of the buffer only at its end
 */
export async function readFully(
  file: Pick<FileHandle, 'read'>,
  bytes: Buffer,
  offset: number,
): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
