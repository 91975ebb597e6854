import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { IndexRange } from '@highwater/kinesis-engine';
import type { FileHandle } from 'node:fs/promises';
import { openOwn } from './durable.ts';
import { endName } from './file-names.ts';

/**
 * Reads the range of a shard's log: from the oldest record whose file was not removed to the last
 * acknowledged record.
 *
 * @returns undefined when it is missing or damaged
 */
export async function readLogEnd(directory: string): Promise<IndexRange | undefined> {
  let text: string;
  try {
    await using file = await openOwn(join(directory, endName), 'read');
    text = await file.readFile('latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [firstIndex = 0, endIndex = 0] = text.split(' ', 2).map(Number);
  return text === render({ firstIndex, endIndex }) ? { firstIndex, endIndex } : undefined;
}

/**
 * Records the range of a shard's log. Written after each append without a sync: a kill leaves it
 * exact, and a power failure may leave an older one, which is still true for its records. Before
 * files are removed, it is made durable.
 */
export class LogEnd implements AsyncDisposable {
  readonly #path: string;
  #range: IndexRange;
  #file: FileHandle | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(directory: string, range: IndexRange) {
    this.#path = join(directory, endName);
    this.#range = range;
  }

  get range(): IndexRange {
    return this.#range;
  }

  set range(range: IndexRange) {
    this.#range = range;
  }

  /** Resolves when the current range is in the file. */
  async write(isDurable: boolean): Promise<void> {
    // One write after another, because an older range must not be written last.
    const written = this.#written.catch(() => undefined).then(() => this.#writeNow(isDurable));
    this.#written = written;
    await written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeNow(isDurable: boolean): Promise<void> {
    this.#file ??= await openOwn(this.#path, 'make');
    const bytes = Buffer.from(render(this.#range), 'latin1');
    await this.#file.write(bytes, 0, bytes.length, 0);
    if (!isDurable) return;
    await this.#file.truncate(bytes.length);
    await this.#file.datasync();
  }
}

/** Always of the same length, so that it is written in place. */
function render({ firstIndex, endIndex }: IndexRange): string {
  const [first, end] = [firstIndex, endIndex].map((index) => String(index).padStart(15, '0'));
  const text = `${first} ${end}`;
  return `${text} ${crc32(text).toString(16).padStart(8, '0')}\n`;
}
