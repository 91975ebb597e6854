import type { Logger } from '@highwater/model';
import type { ChunkPlace, LogStorage, RestoredLog } from '@highwater/testkit/stream';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './durable.ts';
import { readFully } from './read-fully.ts';
import {
  firstIndexOf,
  isSegmentName,
  recoverSegment,
  segmentPath,
  summaryPath,
  writeSummary,
  type Segment,
} from './segment.ts';

/** How the files of a shard are kept. */
export interface ShardFilesOptions {
  readonly directory: string;
  /** A new segment is begun when the last one has reached this size. */
  readonly segmentBytesMax: number;
  readonly log: Logger;
  /** Called when the shard's records are not needed any more. */
  readonly onRemoved: () => void;
}

/**
 * The log of one shard in files that are only ever appended to. Whole files are removed when the
 * retention has passed over them.
 */
export class ShardFiles implements LogStorage, AsyncDisposable {
  readonly #options: ShardFilesOptions;
  /** The last one is appended to. */
  readonly #segments: Segment[] = [];
  #file: FileHandle | undefined;
  #failure: unknown;
  /** Work on the side that must not be cut off: summaries and removals. */
  readonly #chores = new Set<Promise<void>>();
  #neededOffset = 0;

  constructor(options: ShardFilesOptions) {
    this.#options = options;
  }

  /** Opens what an earlier process left. */
  async recover(): Promise<RestoredLog> {
    const { directory } = this.#options;
    const names = (await readdir(directory)).filter(isSegmentName).toSorted();
    const restored: ChunkPlace[] = [];
    let startOffset = 0;
    // An empty last file still tells which index comes next.
    let nextIndex = firstIndexOf(names.at(-1));
    for (const [i, name] of names.entries()) {
      const path = `${directory}/${name}`;
      const { places, lengthBytes } = await recoverSegment(path, i === names.length - 1);
      for (const place of places) {
        restored.push({ ...place, fileOffset: startOffset + place.fileOffset });
        nextIndex = place.firstIndex + place.recordsCount;
      }
      this.#segments.push({ path, startOffset, lengthBytes });
      startOffset += lengthBytes;
    }
    return { places: restored, nextIndex };
  }

  async append(pieces: readonly Uint8Array[], firstIndex: number): Promise<void> {
    // After a failed write nobody knows what is in the file, so nothing more may be added to it.
    if (this.#failure !== undefined) throw this.#failure;
    try {
      const last = this.#segments.at(-1);
      const segment =
        last !== undefined && last.lengthBytes < this.#options.segmentBytesMax && !this.#isOld(last)
          ? last
          : await this.#begin(firstIndex);
      this.#file ??= await open(segment.path, 'a');
      const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const { bytesWritten } = await this.#file.writev(pieces as Uint8Array[]);
      if (bytesWritten < bytes)
        throw new Error(`writing ${bytes} bytes: only ${bytesWritten} done`);
      await this.#file.datasync();
      segment.lengthBytes += bytes;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    // A run of records may stand at the end of one file and the start of the next.
    for (const { path, startOffset, lengthBytes } of this.#segments) {
      const from = offset + done - startOffset;
      if (from < 0 || from >= lengthBytes || done === length) continue;
      const file = await open(path, 'r');
      try {
        const wanted = Math.min(length - done, lengthBytes - from);
        done += await readFully(file, bytes.subarray(done, done + wanted), from);
      } finally {
        await file.close();
      }
    }
    return bytes.subarray(0, done);
  }

  trim(offset: number): void {
    this.#neededOffset = Math.max(this.#neededOffset, offset);
    // The last one stays: its name tells which index comes next.
    while (this.#segments.length > 1 && this.#isOld(this.#segments[0] as Segment)) {
      const { path } = this.#segments.shift() as Segment;
      this.#doAside(async () => {
        await rm(path, { force: true });
        await rm(summaryPath(path), { force: true });
      });
    }
  }

  remove(): void {
    this.#failure = new Error(`${this.#options.directory} was removed`);
    this.#segments.length = 0;
    const file = this.#file;
    this.#file = undefined;
    this.#doAside(async () => {
      await file?.close();
      await rm(this.#options.directory, { recursive: true, force: true });
    });
    this.#options.onRemoved();
  }

  /** Resolves when the work on the side that was begun is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#chores);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    await this.#file?.close();
    this.#file = undefined;
  }

  #isOld({ startOffset, lengthBytes }: Segment): boolean {
    return lengthBytes > 0 && startOffset + lengthBytes <= this.#neededOffset;
  }

  async #begin(firstIndex: number): Promise<Segment> {
    const { directory } = this.#options;
    const last = this.#segments.at(-1);
    await this.#file?.close();
    this.#file = undefined;
    if (last === undefined && (await mkdir(directory, { recursive: true })) !== undefined) {
      await syncDirectory(dirname(directory));
      await syncDirectory(dirname(dirname(directory)));
    }
    const path = segmentPath(directory, firstIndex);
    const startOffset = last === undefined ? 0 : last.startOffset + last.lengthBytes;
    const segment: Segment = { path, startOffset, lengthBytes: 0 };
    this.#file = await open(path, 'a');
    await syncDirectory(directory);
    this.#segments.push(segment);
    if (last !== undefined) this.#doAside(() => writeSummary(last));
    this.trim(this.#neededOffset);
    return segment;
  }

  #doAside(chore: () => Promise<void>): void {
    const done = chore()
      .catch((error: unknown) => {
        const { directory } = this.#options;
        this.#options.log.warn({ err: error, directory }, 'Tidying the files of a shard failed.');
      })
      .finally(() => this.#chores.delete(done));
    this.#chores.add(done);
  }
}
