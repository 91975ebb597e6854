import type { Logger } from '@highwater/model';
import type { AccountStorage, LogName, OpenedLog, RestoredLog } from '@highwater/testkit/stream';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import { replaceFile } from './durable.ts';
import { ShardFiles } from './shard-files.ts';

/** Where and how streams are kept. */
export interface AccountFilesOptions {
  readonly directory: string;
  /** @default 32 MiB */
  readonly segmentBytesMax?: number | undefined;
  readonly log: Logger;
}

/**
 * Streams in a directory, for one process at a time:
 *
 *     state.json                                     streams, shards, consumers
 *     logs/<stream>@<created ms>/<shard>/<index>.log the records of one shard from an index on
 */
export class AccountFiles implements AccountStorage, AsyncDisposable {
  readonly restoredState: string | undefined;
  readonly #options: AccountFilesOptions;
  readonly #lock: AsyncDisposable;
  readonly #opened = new Map<string, OpenedFiles>();

  /** Removals that are under way. */
  readonly #removing = new Set<Promise<void>>();

  private constructor(
    options: AccountFilesOptions,
    lock: AsyncDisposable,
    restoredState: string | undefined,
  ) {
    this.#options = options;
    this.#lock = lock;
    this.restoredState = restoredState;
  }

  /**
   * Opens a directory, and reads back what is in it.
   *
   * @throws {DataDirectoryError} when another process has it, or a file is damaged
   */
  static async open(options: AccountFilesOptions): Promise<AccountFiles> {
    await mkdir(join(options.directory, 'logs'), { recursive: true });
    const lock = await lockDirectory(options.directory);
    try {
      const state = await readFile(join(options.directory, 'state.json'), 'utf8').catch(ifMissing);
      const files = new AccountFiles(options, lock, state);
      await files.#recoverLogs();
      return files;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  saveState(state: string): Promise<void> {
    return replaceFile(join(this.#options.directory, 'state.json'), state);
  }

  openLog(name: LogName): OpenedLog {
    const path = join(directoryOf(name.streamName, name.streamCreatedMs), name.shardId);
    const { files, restored } = this.#opened.get(path) ?? this.#add(path);
    return { storage: files, restored };
  }

  /** Removes the logs of streams that are gone: what a crash left of their deletion. */
  async keepOnly(streams: readonly { streamName: string; createdMs: number }[]): Promise<void> {
    const kept = new Set(streams.map((stream) => directoryOf(stream.streamName, stream.createdMs)));
    const logs = join(this.#options.directory, 'logs');
    for (const stream of await readdir(logs)) {
      if (kept.has(stream)) continue;
      for (const path of this.#opened.keys()) {
        if (dirname(path) === stream) this.#opened.delete(path);
      }
      await rm(join(logs, stream), { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { files } of this.#opened.values()) await files[Symbol.asyncDispose]();
    await Promise.all(this.#removing);
    await this.#lock[Symbol.asyncDispose]();
  }

  async #recoverLogs(): Promise<void> {
    const logs = join(this.#options.directory, 'logs');
    for (const stream of await readdir(logs)) {
      for (const shard of await readdir(join(logs, stream))) {
        const path = join(stream, shard);
        const opened = this.#add(path);
        opened.restored = await opened.files.recover();
      }
    }
  }

  #add(path: string): OpenedFiles {
    const { segmentBytesMax = 32 * 1024 * 1024, log } = this.#options;
    const directory = join(this.#options.directory, 'logs', path);
    const onRemoved = () => {
      this.#opened.delete(path);
      const done = files.settled().finally(() => this.#removing.delete(done));
      this.#removing.add(done);
    };
    const files: ShardFiles = new ShardFiles({ directory, segmentBytesMax, log, onRemoved });
    const opened: OpenedFiles = { files, restored: { places: [], nextIndex: 1 } };
    this.#opened.set(path, opened);
    return opened;
  }
}

interface OpenedFiles {
  readonly files: ShardFiles;
  restored: RestoredLog;
}

function directoryOf(streamName: string, createdMs: number): string {
  return `${streamName}@${createdMs}`;
}

function ifMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return undefined;
}
