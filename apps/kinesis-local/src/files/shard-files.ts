import type { Logger } from '@highwater/model';
import {
  intactLength,
  ServiceException,
  type IndexRange,
  type LogStorage,
  type RecordRun,
} from '@highwater/kinesis-engine';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storageFailure } from './disk-failure.ts';
import { makeDirectory, openOwn, syncDirectory } from './durable.ts';
import { segmentPath } from './file-names.ts';
import { LogEnd } from './log-end.ts';
import { readFully } from './read-fully.ts';
import { removeSegment, type RecoveredShard } from './recover-shard.ts';
import { tellRemoved } from './recovery-notes.ts';
import { damage, writeSummary, type Segment } from './segment.ts';
import { writeFully } from './write-fully.ts';

/** How the files of a shard are stored. */
export interface ShardFilesOptions {
  readonly directory: string;
  /** A new segment is started when the last one has reached this size. */
  readonly segmentBytesMax: number;
  readonly log: Logger;
  /** Called when the shard's records are no longer needed. */
  readonly onRemoved: () => void;
  /** The content that an earlier process left. @default nothing */
  readonly recovered?: RecoveredShard | undefined;
  /** Resolves when the directory may be used. */
  readonly free?: Promise<void> | undefined;
}

/**
 * The log of one shard, in append-only files. Whole files are removed after all their records have
 * expired.
 */
export class ShardFiles implements LogStorage, AsyncDisposable {
  readonly #options: ShardFilesOptions;
  /** Appends go to the last one. */
  readonly #segments: Segment[];
  readonly #end: LogEnd;
  /** Open for appending, at the known end of the last segment. */
  #file: FileHandle | undefined;
  #prepared: Promise<void> | undefined;
  #isRemoved = false;
  #isFailing = false;
  #beginsSegment: boolean;
  /** Background work, one task after another: summaries and removals. */
  #chores: Promise<void> = Promise.resolve();
  #neededOffset = 0;
  readonly #damaged = new Set<string>();

  constructor(options: ShardFilesOptions) {
    const { directory, recovered } = options;
    this.#options = options;
    this.#segments = [...(recovered?.segments ?? [])];
    this.#beginsSegment = recovered?.hasGapAtEnd ?? false;
    this.#end = new LogEnd(directory, recovered?.range ?? { firstIndex: 1, endIndex: 1 });
  }

  /** Makes the directory, and the file with the range of the log. */
  async prepare(): Promise<void> {
    this.#prepared ??= this.#prepareNow().catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    await this.#prepared;
  }

  async append(pieces: readonly Uint8Array[], indexes: IndexRange): Promise<void> {
    const { directory } = this.#options;
    if (this.#isRemoved) {
      throw new ServiceException('InternalFailure', `writing ${directory}: it was removed`);
    }
    let segment: Segment | undefined;
    try {
      segment = await this.#segmentFor(indexes.firstIndex);
      this.#file ??= await openAtEnd(segment);
      const bytes = await writeFully(this.#file, pieces);
      await this.#file.datasync();
      segment.lengthBytes += bytes;
    } catch (error) {
      await this.#cutBack(segment);
      throw this.#failure(error);
    }
    this.#end.range = { ...this.#end.range, endIndex: indexes.endIndex };
    // Only a lower bound. Without it, these records are just as durable.
    await this.#end.write(false).catch(this.#warn);
    if (this.#isFailing)
      this.#options.log.info({ directory }, 'Writing the records of a shard to disk works again.');
    this.#isFailing = false;
  }

  async read({ firstIndex, offset, length }: RecordRun): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    let index = firstIndex;
    // A run of records may be at the end of one file and the start of the next.
    for (const { path, startOffset, lengthBytes } of this.#segments.slice()) {
      const from = offset + done - startOffset;
      if (from < 0 || from >= lengthBytes || done === length) continue;
      const part = bytes.subarray(done, done + Math.min(length - done, lengthBytes - from));
      index = await this.#readPart(path, from, part, index);
      done += part.length;
    }
    return bytes.subarray(0, done);
  }

  trim(offset: number): void {
    this.#neededOffset = Math.max(this.#neededOffset, offset);
    const old: Segment[] = [];
    // The last one stays, because appends go to it.
    while (this.#segments.length > 1 && this.#isOld(this.#segments[0] as Segment)) {
      old.push(this.#segments.shift() as Segment);
    }
    const [oldest] = this.#segments;
    if (old.length === 0 || oldest === undefined) return;
    this.#end.range = { ...this.#end.range, firstIndex: oldest.firstIndex };
    this.#doAside(() => this.#removeOld(old));
  }

  remove(): void {
    this.#isRemoved = true;
    this.#options.onRemoved();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chores;
    await this.#closeFile();
    await this.#end[Symbol.asyncDispose]();
  }

  #isOld({ startOffset, lengthBytes }: Segment): boolean {
    return lengthBytes > 0 && startOffset + lengthBytes <= this.#neededOffset;
  }

  async #prepareNow(): Promise<void> {
    const { directory, recovered, free } = this.#options;
    await free;
    const isMade = await makeDirectory(directory);
    if (!isMade && recovered?.isNoted === true) return;
    await this.#end.write(true);
    await syncDirectory(directory);
    await syncDirectory(dirname(directory));
    await syncDirectory(dirname(dirname(directory)));
  }

  async #segmentFor(firstIndex: number): Promise<Segment> {
    const last = this.#segments.at(-1);
    const hasRoom = last !== undefined && last.lengthBytes < this.#options.segmentBytesMax;
    if (hasRoom && !this.#beginsSegment && !this.#isOld(last)) return last;
    return this.#begin(firstIndex, last);
  }

  async #begin(firstIndex: number, last: Segment | undefined): Promise<Segment> {
    const { directory } = this.#options;
    await this.#closeFile();
    await this.prepare();
    const path = segmentPath(directory, firstIndex);
    const startOffset = last === undefined ? 0 : last.startOffset + last.lengthBytes;
    const segment: Segment = { path, firstIndex, startOffset, lengthBytes: 0 };
    this.#file = await openEmpty(path);
    await syncDirectory(directory);
    this.#segments.push(segment);
    this.#beginsSegment = false;
    if (last !== undefined) this.#doAside(() => writeSummary(last));
    this.trim(this.#neededOffset);
    return segment;
  }

  /**
   * Removes the bytes of a failed append, to free space for others. The next append checks the
   * result.
   */
  async #cutBack(segment: Segment | undefined): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (segment !== undefined) await file?.truncate(segment.lengthBytes).catch(() => undefined);
    await file?.close().catch(() => undefined);
  }

  /** The answer to a client. Logged once until an append succeeds. */
  #failure(error: unknown): ServiceException {
    const { directory, log } = this.#options;
    if (!this.#isFailing)
      log.error(
        { err: error, directory },
        'Writing the records of a shard to disk failed. Its records are rejected until this works again.',
      );
    this.#isFailing = true;
    return storageFailure(`writing ${directory}`, error);
  }

  /**
   * Reads a part of a segment, and checks that it contains the records from this index on, as
   * written.
   */
  async #readPart(path: string, from: number, part: Buffer, firstIndex: number): Promise<number> {
    let index = firstIndex;
    let at = 0;
    try {
      await using file = await openOwn(path, 'read');
      const intact = part.subarray(0, await readFully(file, part, from));
      for (let length; at < part.length; at += length, index += 1) {
        length = intactLength(intact, at, index);
        if (length === undefined) throw this.#damage(path, from + at, index);
      }
    } catch (error) {
      throw storageFailure(`reading ${path} from byte ${from + at}`, error);
    }
    return index;
  }

  #damage(path: string, offset: number, index: number): ServiceException {
    const message = damage(path, offset, index);
    const { log } = this.#options;
    if (!this.#damaged.has(message))
      log.error(
        { path, offset, index },
        'A file of records is damaged. Restore it from a backup, and restart the server.',
      );
    this.#damaged.add(message);
    return new ServiceException('InternalFailure', `${message} at the next start`);
  }

  async #removeOld(old: readonly Segment[]): Promise<void> {
    // The range is stored first. Missing files are then known to be unneeded.
    await this.#end.write(true);
    for (const { path } of old) await removeSegment(path);
    const paths = old.map(({ path }) => path);
    tellRemoved(this.#options.log, paths);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #doAside(chore: () => Promise<void>): void {
    this.#chores = this.#chores.then(chore).catch(this.#warn);
  }

  readonly #warn = (error: unknown) => {
    const { directory, log } = this.#options;
    log.warn({ err: error, directory }, 'Removing old files of a shard failed.');
  };
}

/** Opens a new segment for appending. */
async function openEmpty(path: string): Promise<FileHandle> {
  const file = await openOwn(path, 'append');
  const { size } = await file.stat();
  if (size === 0) return file;
  await file.close();
  throw new Error(`${path} holds ${size} unknown bytes; move it away`);
}

/** Opens a segment for appending, and truncates it to its known length. */
async function openAtEnd(segment: Segment): Promise<FileHandle> {
  const { path, lengthBytes } = segment;
  const file = await openOwn(path, 'append');
  try {
    const { size } = await file.stat();
    if (size < lengthBytes)
      throw new Error(`${path} has ${size} bytes, but had ${lengthBytes}; restart the server`);
    if (size > lengthBytes) {
      await file.truncate(lengthBytes);
      await file.datasync();
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
