import type { Logger } from '@highwater/model';
import type { AccountStorage, LogName, OpenedLog } from '@highwater/kinesis-engine';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claimDataDirectory, findDataDirectory, stateMissing } from './data-directory.ts';
import { lockDirectory, tidyLocks } from './directory-lock.ts';
import { diskReason, storageFailure } from './disk-failure.ts';
import { replaceFile } from './durable.ts';
import { DataDirectoryError } from './errors.ts';
import { isShardName, isStreamName, logsName, stateName } from './file-names.ts';
import { ownEntries } from './own-entries.ts';
import { goOnWithout, recoverShard } from './recover-shard.ts';
import { RecoveryNotes } from './recovery-notes.ts';
import { removeIfEmpty, removeShard } from './remove-shard.ts';
import { seal } from './sealed.ts';
import { ShardFiles } from './shard-files.ts';
import { readState, streamDirectory, type KeptState } from './state-file.ts';

/** Where and how streams are stored. */
export interface AccountFilesOptions {
  readonly directory: string;
  /** @default 32 MiB */
  readonly segmentBytesMax?: number | undefined;
  readonly log: Logger;
}

interface OpenedShard extends OpenedLog {
  readonly storage: ShardFiles;
}

/** Streams in a directory, for one process at a time; see _Files_ in the README. */
export class AccountFiles implements AccountStorage, AsyncDisposable {
  readonly restoredState: string | undefined;
  readonly #options: AccountFilesOptions;
  readonly #logs: string;
  readonly #lock: AsyncDisposable;
  /** By their paths in `logs`. */
  readonly #opened = new Map<string, OpenedShard>();
  /** Shards that the stored state may still name, but the next one will not. */
  #unneeded = new Map<string, ShardFiles>();
  /** Removals in progress. */
  readonly #removing = new Map<string, Promise<void>>();

  private constructor(
    options: AccountFilesOptions,
    lock: AsyncDisposable,
    restoredState: string | undefined,
  ) {
    this.#options = options;
    this.#logs = join(options.directory, logsName);
    this.#lock = lock;
    this.restoredState = restoredState;
  }

  /**
   * Opens a directory, and reads its content.
   *
   * @throws {DataDirectoryError} when it contains foreign files, another process has it, it cannot
   * be written, or something in it is damaged or missing
   */
  static async open(options: AccountFilesOptions): Promise<AccountFiles> {
    const notes = new RecoveryNotes();
    try {
      const path = await findDataDirectory(options.directory);
      await using opening = new AsyncDisposableStack();
      const lock = opening.use(await lockDirectory(path));
      const names = await claimDataDirectory(path, { ...options, notes });
      await tidyLocks(path, names);
      const state = names.includes(stateName) ? await readState(path) : undefined;
      const files = new AccountFiles({ ...options, directory: path }, lock, state?.text);
      await files.#recoverLogs(state, notes);
      notes.log(options.log);
      opening.move();
      return files;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
      throw new DataDirectoryError(`opening ${options.directory}: ${diskReason(cause)}`, { cause });
    }
  }

  async saveState(state: string): Promise<void> {
    const path = join(this.#options.directory, stateName);
    const unneeded = this.#unneeded;
    this.#unneeded = new Map();
    try {
      // Every shard in the state has a directory, so a missing one is a detected loss.
      await Promise.all(Array.from(this.#opened.values(), ({ storage }) => storage.prepare()));
      await replaceFile(path, seal(state));
    } catch (error) {
      for (const [shard, files] of unneeded) this.#unneeded.set(shard, files);
      this.#options.log.error({ err: error, path }, 'Saving the state of the streams failed.');
      throw storageFailure(`writing ${path}`, error);
    }
    for (const [shard, files] of unneeded) this.#removeAside(shard, files);
  }

  openLog(name: LogName): OpenedLog {
    const path = join(streamDirectory(name.streamName, name.streamCreatedMs), name.shardId);
    return this.#opened.get(path) ?? this.#add(path);
  }

  /** Whether there are files that are removed when the state is saved next. */
  get hasUnneeded(): boolean {
    return this.#unneeded.size > 0;
  }

  /**
   * Removes the logs of deleted streams that a crash has left. Call this after the state was saved,
   * so that it does not name them.
   */
  async keepOnly(streams: readonly { streamName: string; createdMs: number }[]): Promise<void> {
    const kept = new Set(streams.map((each) => streamDirectory(each.streamName, each.createdMs)));
    for (const stream of (await readdir(this.#logs)).filter(isStreamName)) {
      if (kept.has(stream)) continue;
      for (const shard of (await readdir(join(this.#logs, stream))).filter(isShardName)) {
        const path = join(stream, shard);
        const opened = this.#opened.get(path);
        this.#opened.delete(path);
        if (!this.#removing.has(path)) this.#removeAside(path, opened?.storage);
      }
      await Promise.all(this.#removing.values());
      await removeIfEmpty(join(this.#logs, stream));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { storage } of this.#opened.values()) await storage[Symbol.asyncDispose]();
    for (const files of this.#unneeded.values()) await files[Symbol.asyncDispose]();
    await Promise.all(this.#removing.values());
    await this.#lock[Symbol.asyncDispose]();
  }

  async #recoverLogs(state: KeptState | undefined, notes: RecoveryNotes): Promise<void> {
    const directory = (isOwn: (name: string) => boolean) => [{ type: 'directory' as const, isOwn }];
    const streams = await ownEntries(this.#logs, directory(isStreamName), notes.foreign);
    if (streams.length > 0 && state === undefined) throw stateMissing(this.#options.directory);
    const named = new Set(state?.isSealed === true ? state.shards : []);
    for (const stream of streams) {
      const path = join(this.#logs, stream);
      for (const shard of await ownEntries(path, directory(isShardName), notes.foreign)) {
        await this.#recover(join(stream, shard), {
          mustExist: named.has(join(stream, shard)),
          notes,
        });
      }
    }
    const missing = [...named].find((shard) => !this.#opened.has(shard));
    if (missing === undefined) return;
    const statePath = join(this.#options.directory, stateName);
    throw new DataDirectoryError(
      `reading ${join(this.#logs, missing)}: it is missing, and ${statePath} names it; ${goOnWithout(join(this.#logs, missing))}`,
    );
  }

  async #recover(
    path: string,
    options: { readonly mustExist: boolean; readonly notes: RecoveryNotes },
  ): Promise<void> {
    this.#add(path, await recoverShard(join(this.#logs, path), options));
  }

  #add(path: string, recovered?: Awaited<ReturnType<typeof recoverShard>>): OpenedShard {
    const { segmentBytesMax = 32 * 1024 * 1024, log } = this.#options;
    const files: ShardFiles = new ShardFiles({
      directory: join(this.#logs, path),
      segmentBytesMax,
      log,
      recovered,
      free: this.#removing.get(path),
      onRemoved: () => {
        this.#opened.delete(path);
        this.#unneeded.set(path, files);
      },
    });
    const { places = [], range } = recovered ?? {};
    const restored = { places, nextIndex: range?.endIndex ?? 1 };
    const opened: OpenedShard = { storage: files, restored };
    this.#opened.set(path, opened);
    return opened;
  }

  /** Removes the directory of a shard, and that of its stream with the last one. */
  #removeAside(path: string, files: ShardFiles | undefined): void {
    const { log } = this.#options;
    const directory = join(this.#logs, path);
    const remove = async () => {
      await files?.[Symbol.asyncDispose]();
      const { filesCount, left } = await removeShard(directory);
      await removeIfEmpty(dirname(directory));
      const why = 'the stream or the shard was deleted';
      log.info({ path: directory, filesCount, why }, 'Removed the files of a shard.');
      if (left.length > 0)
        log.warn({ paths: left }, 'Left files in place that this server did not create.');
    };
    const done = remove()
      .catch((error: unknown) => {
        log.warn({ err: error, path: directory }, 'Removing the files of a shard failed.');
      })
      .finally(() => this.#removing.delete(path));
    this.#removing.set(path, done);
  }
}
