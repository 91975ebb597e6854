import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { PointsFileError } from './errors.ts';

/** Where points are read from, one JSON object a line. */
export interface PointsFile {
  /** Opens the input; a file can be opened again, standard input cannot. */
  open(): AsyncIterable<Uint8Array>;
  readonly isRereadable: boolean;
}

/** Large enough that most batches of a file are full. */
const chunkBytes = 1024 * 1024;

/**
 * Names a file, or standard input for `-`. Reading ends with an error when the signal aborts, for
 * standard input might never end.
 */
export function openPointsFile(path: string, stdin: Readable, signal: AbortSignal): PointsFile {
  return {
    open: () => {
      const input = path === '-' ? stdin : createReadStream(path, { highWaterMark: chunkBytes });
      return readChunks(path, addAbortSignal(signal, input));
    },
    isRereadable: path !== '-',
  };
}

async function* readChunks(path: string, input: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of input) yield chunk as Uint8Array;
  } catch (cause) {
    throw new PointsFileError(path, cause as Error);
  }
}
