import type { ChunkPlace } from './log-chunk.ts';

/** Where the records of one shard are kept so that they outlive the process: one run of bytes. */
export interface LogStorage {
  /**
   * Appends whole records; resolves when they would survive the process being killed.
   *
   * @param indexes of the records in `pieces`
   * @throws {ServiceException} InternalFailure when they can not be kept; then none of them is, and
   *   the next append may succeed
   */
  append(pieces: readonly Uint8Array[], indexes: IndexRange): Promise<void>;
  /**
   * Reads what was appended, by its place in the whole run.
   *
   * @throws {ServiceException} InternalFailure when it is not as it was written
   */
  read(run: RecordRun): Promise<Buffer>;
  /** Says that nothing before this place is needed any more. */
  trim(offset: number): void;
  /** Says that none of it is needed any more. */
  remove(): void;
}

/** Records from an index up to another, which is not one of them. */
export interface IndexRange {
  readonly firstIndex: number;
  readonly endIndex: number;
}

/** Whole records that stand together in a log. */
export interface RecordRun {
  /** Index of the first one. */
  readonly firstIndex: number;
  readonly offset: number;
  readonly length: number;
}

/** A shard's storage with what it holds already. */
export interface OpenedLog {
  readonly storage: LogStorage;
  readonly restored: RestoredLog;
}

/** What an earlier process left of a shard. */
export interface RestoredLog {
  /** In order; indexes that no place has are those of records that were given up. */
  readonly places: readonly ChunkPlace[];
  /** Index that the next record must get, even when no record is left. */
  readonly nextIndex: number;
}

/** Names the log of one shard. A stream of the same name made later is another stream. */
export interface LogName {
  readonly streamName: string;
  readonly streamCreatedMs: number;
  readonly shardId: string;
}

/** Where an account is kept so that it outlives the process. */
export interface AccountStorage {
  /** What `saveState` was last given; undefined when it never was. */
  readonly restoredState: string | undefined;
  /**
   * Resolves when the state would survive the process being killed. Logs that are not needed any more
   * go after that and not before: the state that is kept never names one that is gone.
   *
   * @throws {ServiceException} InternalFailure when it can not be kept; the one before still is
   */
  saveState(state: string): Promise<void>;
  openLog(name: LogName): OpenedLog;
}
