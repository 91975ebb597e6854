import type { ChunkPlace } from './log-chunk.ts';

/** Where the records of one shard are kept so that they outlive the process: one run of bytes. */
export interface LogStorage {
  /**
   * Appends whole records; resolves when they would survive the process being killed.
   *
   * @param firstIndex index of the first record in `pieces`
   */
  append(pieces: readonly Uint8Array[], firstIndex: number): Promise<void>;
  /** Reads what was appended, by its place in the whole run. */
  read(offset: number, length: number): Promise<Buffer>;
  /** Says that nothing before this place is needed any more. */
  trim(offset: number): void;
  /** Says that none of it is needed any more. */
  remove(): void;
}

/** A shard's storage with what it holds already. */
export interface OpenedLog {
  readonly storage: LogStorage;
  readonly restored: RestoredLog;
}

/** What an earlier process left of a shard. */
export interface RestoredLog {
  /** In order; they may be fewer than were once written. */
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
  /** Resolves when the state would survive the process being killed. */
  saveState(state: string): Promise<void>;
  openLog(name: LogName): OpenedLog;
}
