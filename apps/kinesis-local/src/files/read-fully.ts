import type { FileHandle } from 'node:fs/promises';

/**
 * Fills a buffer from a file. One read may give less than it was asked for, before the end of the file
 * too: what is missing then must not be taken for damage.
 *
 * @returns how many bytes the file had; fewer than the buffer holds only at its end
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
