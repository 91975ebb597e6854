import type { SequenceNumber } from '@highwater/model';
import { hashKeyToHex, type HashKeyHex } from './hash-key.ts';
import { RecordLog } from './record-log.ts';
import { SequenceMinter } from './sequence-minter.ts';

/** A range of hash keys, both ends included. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** One shard: a range of hash keys and the log of what was put there. */
export class MemoryShard {
  readonly shardId: string;
  readonly range: HashKeyRange;
  readonly startHex: HashKeyHex;
  readonly parentShardIds: readonly string[];
  readonly createdMs: number;
  /** Rises by one second at least from parent to child, so that a child's numbers are the larger. */
  readonly creationSeconds: number;
  readonly minter: SequenceMinter;
  readonly log = new RecordLog();
  #closed: { readonly atMs: number; readonly endingSequenceNumber: SequenceNumber } | undefined;

  constructor(shard: {
    readonly index: number;
    readonly range: HashKeyRange;
    readonly parents: readonly MemoryShard[];
    readonly createdMs: number;
  }) {
    this.shardId = shardIdOf(shard.index);
    this.range = shard.range;
    this.startHex = hashKeyToHex(shard.range.start);
    this.parentShardIds = shard.parents.map((parent) => parent.shardId);
    this.createdMs = shard.createdMs;
    this.creationSeconds = Math.max(
      Math.floor(shard.createdMs / 1000),
      ...shard.parents.map((parent) => parent.creationSeconds + 1),
    );
    this.minter = new SequenceMinter(shard.index, this.creationSeconds);
  }

  get closedMs(): number | undefined {
    return this.#closed?.atMs;
  }

  get endingSequenceNumber(): SequenceNumber | undefined {
    return this.#closed?.endingSequenceNumber;
  }

  close(atMs: number): void {
    this.#closed = { atMs, endingSequenceNumber: this.minter.ending(atMs) };
  }

  /** Appends a record and gives it its sequence number. */
  append(record: { arrivalMs: number; partitionKey: string; data: Uint8Array }): SequenceNumber {
    return this.minter.of(this.log.append(record), record.arrivalMs);
  }
}

export function shardIdOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}
