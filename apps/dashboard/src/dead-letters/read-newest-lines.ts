import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** The start of a line, and its length. */
export interface LineHead {
  /** The file that contains it. */
  readonly path: string;
  /** The line without its newline; the start of a long one, up to the limit. */
  readonly head: Buffer;
  /** Its last few bytes. */
  readonly end: Buffer;
  readonly bytes: number;
  /** Whether it is intact, as far as its checksum shows. */
  readonly isIntact: boolean;
}

/** Limits on what is read per request, whatever the number and size of files and lines. */
export interface LineLimits {
  readonly linesMax: number;
  readonly headBytesMax: number;
  /** For all heads together. */
  readonly keptBytesMax: number;
  /** How far back to search for newlines. */
  readonly scannedBytesMax: number;
}

const defaultLimits: LineLimits = {
  linesMax: 2_000,
  headBytesMax: 32_768,
  keptBytesMax: 8 * 1024 * 1024,
  scannedBytesMax: 64 * 1024 * 1024,
};

const chunkBytes = 1024 * 1024;
const endBytes = 4;
const newline = 0x0a;

/**
 * The newest lines of files that only grow, the newest first. Text without a newline yet is also a
 * line.
 *
 * @param paths the newest file first; a file that was moved away in the meantime has no lines
 */
export async function readNewestLines(
  paths: readonly string[],
  limits: Partial<LineLimits> = {},
): Promise<readonly LineHead[]> {
  const { linesMax, headBytesMax, keptBytesMax, scannedBytesMax } = { ...defaultLimits, ...limits };
  const lines: LineHead[] = [];
  let keptBytes = 0;
  let scannedBytes = 0;
  for (const path of paths) {
    await using file = await openFound(path);
    if (!file) continue;
    for await (const [start, end] of linesBackwards(file, scannedBytesMax - scannedBytes)) {
      if (lines.length === linesMax || keptBytes >= keptBytesMax) return lines;
      const head = await readAt(file, start, Math.min(end - start, headBytesMax));
      const tailStart = Math.max(start, end - endBytes);
      const isIntact = await isAsWritten(file, head, start, end);
      const tail = await readAt(file, tailStart, end - tailStart);
      lines.push({ path, head, end: tail, bytes: end - start, isIntact });
      keptBytes += head.length;
    }
    const { size } = await file.stat();
    scannedBytes += size;
  }
  return lines;
}

async function openFound(path: string): Promise<FileHandle | undefined> {
  return open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/**
 * `{"crc32":"01234567",`: the checksum of everything after it. Letters of earlier releases do not
 * have it.
 */
const sumOf = /^\{"crc32":"([0-9a-f]{8})",/;
const sumBytes = 20;

async function isAsWritten(
  file: FileHandle,
  head: Buffer,
  start: number,
  end: number,
): Promise<boolean> {
  const sum = sumOf.exec(head.toString('latin1', 0, sumBytes))?.[1];
  if (sum === undefined) return true;
  let found = 0;
  for (let at = start + sumBytes; at < end; at += chunkBytes) {
    found = crc32(await readAt(file, at, Math.min(chunkBytes, end - at)), found);
  }
  return found === Number.parseInt(sum, 16);
}

/** Positions of the lines that are not empty, from the last to the first. */
async function* linesBackwards(
  file: FileHandle,
  scannedBytesMax: number,
): AsyncGenerator<readonly [start: number, end: number]> {
  const { size } = await file.stat();
  let lineEnd = size;
  for (let end = size; end > 0 && size - end < scannedBytesMax;) {
    const start = Math.max(0, end - chunkBytes);
    const chunk = await readAt(file, start, end - start);
    for (let at = chunk.lastIndexOf(newline); at !== -1;) {
      const lineStart = start + at + 1;
      if (lineStart < lineEnd) yield [lineStart, lineEnd];
      lineEnd = start + at;
      at = at === 0 ? -1 : chunk.lastIndexOf(newline, at - 1);
    }
    end = start;
    if (start === 0 && lineEnd > 0) yield [0, lineEnd];
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
