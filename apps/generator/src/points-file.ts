import { open, type FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { PointsFileError } from './errors.ts';

/** A source of points, with one JSON object per line. */
export interface PointsFile {
  /** The name that the user gave it. */
  readonly path: string;
  /** Opens the input. An input without random access can be opened only once. */
  open(): AsyncIterable<Uint8Array>;
  /**
   * Bytes at any position; fewer than requested at the end. Undefined for an input without random
   * access: standard input, a pipe.
   */
  readonly readAt?: ((offset: number, bytesCount: number) => Promise<Uint8Array>) | undefined;
}

/** Large enough that most batches of a file are full. */
const chunkBytes = 1024 * 1024;

/**
 * Opens a file, or standard input for `-`, until it is disposed. Reading ends with an error when the signal
 * aborts, because standard input might never end.
 *
 * @throws {PointsFileError} when there is no such file, or it may not be read
 */
export async function openPointsFile(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
): Promise<PointsFile & AsyncDisposable> {
  if (path === '-') {
    return {
      path: 'standard input',
      open: () => readChunks(path, addAbortSignal(signal, stdin)),
      async [Symbol.asyncDispose]() {},
    };
  }
  const { handle, isRegular } = await openHandle(path);
  const start = isRegular ? { start: 0 } : {};
  return {
    path,
    open: () => {
      const options = { highWaterMark: chunkBytes, autoClose: false, ...start };
      return readChunks(path, addAbortSignal(signal, handle.createReadStream(options)));
    },
    readAt: isRegular
      ? async (offset, bytesCount) => {
          signal.throwIfAborted();
          return readBytes(path, handle, { offset, bytesCount });
        }
      : undefined,
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function openHandle(path: string): Promise<{ handle: FileHandle; isRegular: boolean }> {
  try {
    const handle = await open(path);
    return { handle, isRegular: (await handle.stat()).isFile() };
  } catch (cause) {
    throw new PointsFileError(path, cause as Error);
  }
}

async function* readChunks(path: string, input: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of input) yield chunk as Uint8Array;
  } catch (cause) {
    throw new PointsFileError(path, cause as Error);
  }
}

async function readBytes(
  path: string,
  handle: FileHandle,
  { offset, bytesCount }: { readonly offset: number; readonly bytesCount: number },
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(bytesCount);
  let filled = 0;
  try {
    while (filled < bytesCount) {
      const { bytesRead } = await handle.read(bytes, filled, bytesCount - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (cause) {
    throw new PointsFileError(path, cause as Error);
  }
  return bytes.subarray(0, filled);
}
