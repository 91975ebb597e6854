import type { ChunkPlace } from './log-chunk.ts';

/** Durable storage for the records of one shard, as one sequence of bytes. */
export interface LogStorage {
  /**
   * Appends whole records. Resolves when they would survive a kill of the process.
   *
   * @param indexes of the records in `pieces`
   * @throws {ServiceException} InternalFailure when they cannot be stored. Then none of them is,
   * and the next append may succeed
   */
  append(pieces: readonly Uint8Array[], indexes: IndexRange): Promise<void>;
  /**
   * Reads appended bytes, by their offset in the whole log.
   *
   * @throws {ServiceException} InternalFailure when the bytes differ from those that were written
   */
  read(run: RecordRun): Promise<Buffer>;
  /** Declares that everything before this offset is no longer needed. */
  trim(offset: number): void;
  /** Declares that none of it is needed any more. */
  remove(): void;
}

/** Records from an index up to another one, exclusive. */
export interface IndexRange {
  readonly firstIndex: number;
  readonly endIndex: number;
}

/** Whole records that are adjacent in a log. */
export interface RecordRun {
  /** Index of the first record. */
  readonly firstIndex: number;
  readonly offset: number;
  readonly length: number;
}

/** A shard's storage, with its existing content. */
export interface OpenedLog {
  readonly storage: LogStorage;
  readonly restored: RestoredLog;
}

/** The content that an earlier process left of a shard. */
export interface RestoredLog {
  /** In order. Indexes that are in no place belong to records that were dropped. */
  readonly places: readonly ChunkPlace[];
  /** Index that the next record must get, even when no record is left. */
  readonly nextIndex: number;
}

/** Names the log of one shard. A later stream with the same name is another stream. */
export interface LogName {
  readonly streamName: string;
  readonly streamCreatedMs: number;
  readonly shardId: string;
}

/** Durable storage for an account. */
export interface AccountStorage {
  /** The last argument of `saveState`; undefined when there was none. */
  readonly restoredState: string | undefined;
  /**
   * Resolves when the state would survive a kill of the process. Logs that are no longer needed are
   * removed only after that, so the stored state never names a missing log.
   *
   * @throws {ServiceException} InternalFailure when it cannot be stored. The previous state is then
   * still stored
   */
  saveState(state: string): Promise<void>;
  openLog(name: LogName): OpenedLog;
}
