import type { SequenceNumber } from '@highwater/model';
import { hashKeyToHex, type HashKeyHex } from './hash-key.ts';
import { RecordLog, type RecordLogOptions } from './record-log.ts';
import { SequenceMinter } from './sequence-minter.ts';
import { ShardLimits } from './shard-limits.ts';

/** A range of hash keys, both ends inclusive. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The state of a shard without its records: the part that is stored in the state file. */
export interface ShardState {
  readonly index: number;
  readonly range: HashKeyRange;
  readonly parentShardIds: readonly string[];
  readonly createdMs: number;
  /** Part of its sequence numbers. */
  readonly creationSeconds: number;
  readonly closedMs?: number | undefined;
}

/** One shard: a range of hash keys, and the log of the records put there. */
export class MemoryShard {
  readonly state: Omit<ShardState, 'closedMs'>;
  readonly shardId: string;
  readonly startHex: HashKeyHex;
  readonly minter: SequenceMinter;
  readonly log: RecordLog;
  /** Present while the service's limits are enforced. */
  limits: ShardLimits | undefined;
  #closedMs: number | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(state: ShardState, log: RecordLogOptions) {
    this.state = state;
    this.shardId = shardIdOf(state.index);
    this.startHex = hashKeyToHex(state.range.start);
    this.minter = new SequenceMinter(state.index, state.creationSeconds);
    this.log = new RecordLog(log);
    this.#closedMs = state.closedMs;
  }

  get range(): HashKeyRange {
    return this.state.range;
  }

  get parentShardIds(): readonly string[] {
    return this.state.parentShardIds;
  }

  get createdMs(): number {
    return this.state.createdMs;
  }

  get closedMs(): number | undefined {
    return this.#closedMs;
  }

  get endingSequenceNumber(): SequenceNumber | undefined {
    return this.#closedMs === undefined ? undefined : this.minter.ending(this.#closedMs);
  }

  /** Whether a reader that is about to read this index has read everything that will ever exist. */
  isEnd(index: number): boolean {
    return this.#closedMs !== undefined && index >= this.log.endIndex;
  }

  close(atMs: number): void {
    this.#closedMs = atMs;
    this.notify();
  }

  /** Calls back whenever there may be something new to read. */
  watch(onChange: () => void): Disposable {
    this.#watchers.add(onChange);
    return { [Symbol.dispose]: () => this.#watchers.delete(onChange) };
  }

  notify(): void {
    for (const onChange of this.#watchers) onChange();
  }

  enforceLimits(isEnforced: boolean, nowMs: number): void {
    this.limits = isEnforced ? (this.limits ?? new ShardLimits(nowMs)) : undefined;
  }
}

/** The id of the shard that was the nth of its stream, from 0. */
export function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}
