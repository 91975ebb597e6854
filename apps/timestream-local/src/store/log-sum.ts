import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** The log of a DuckDB file, up to where it was durable. */
export interface LogSum {
  readonly bytes: number;
  readonly crc32: number;
}

const noLog: LogSum = { bytes: 0, crc32: 0 };
const chunkBytes = 2 ** 20;
/** Enough to distinguish a log from the one before the last checkpoint. */
const headBytes = 64;

/**
 * Computes a checksum of a log as it grows, because DuckDB's own checksums do not detect zeros in
 * place of an even number of equal words.
 */
export class GrowingLogSum {
  readonly #path: string;
  #sum = noLog;
  #head = '';

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads what the log has grown by; after a checkpoint all of the new one. Without a wait: it has just been
   * written, so it is in memory, and a commit would take twice as long for a handful of such calls.
   */
  next(): LogSum {
    this.#sum = withFile(this.#path, (file) => this.#grow(file)) ?? noLog;
    return this.#sum;
  }

  #grow(file: number): LogSum {
    const head = readAt(file, 0, headBytes).toString('latin1');
    const isSame = head !== '' && head.startsWith(this.#head);
    this.#head = head;
    return sumOf(file, isSame ? this.#sum : noLog, Number.POSITIVE_INFINITY);
  }
}

/**
 * Whether a log still starts with the bytes of the checksum. A shorter one comes from a later
 * checkpoint, or has lost its end.
 */
export function beginsWith(path: string, { bytes, crc32: sum }: LogSum): boolean {
  const found = withFile(path, (file) => sumOf(file, noLog, bytes)) ?? noLog;
  return found.bytes < bytes || found.crc32 === sum;
}

function sumOf(file: number, from: LogSum, toBytes: number): LogSum {
  let { bytes, crc32: sum } = from;
  while (bytes < toBytes) {
    const chunk = readAt(file, bytes, Math.min(chunkBytes, toBytes - bytes));
    if (chunk.length === 0) break;
    sum = crc32(chunk, sum);
    bytes += chunk.length;
  }
  return { bytes, crc32: sum };
}

function readAt(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, at));
}

/** Undefined of a file that is missing. */
function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
