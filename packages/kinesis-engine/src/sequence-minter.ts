import type { SequenceNumber } from '@highwater/model';

/** The content of a sequence number of this engine. */
export interface SequenceParts {
  /** The record's index in its shard, from 1; 0 is the start of the shard. */
  readonly index: number;
  /** Whether it lies between this record and the next one, and is not the number of a record. */
  readonly isContinuation: boolean;
}

/** Index in the ending sequence number of a closed shard: above every record. */
const endingIndex = 0x7fff_ffff_ffff_ffffn;
const continuationBit = 1n << 72n;

/**
 * Makes and reads the sequence numbers of one shard, in the layout of the service that kinesalite's
 * author discovered: 47 hexadecimal digits, which are 56 decimal ones.
 *
 *     2 | shard creation s (9) | shard (1) | index (16) | mark (2) | arrival s (9) | shard (8) | 2
 *
 * The index is the record's position in its shard, so no search is needed. The mark is an addition
 * of this engine: 0 for records.
 */
export class SequenceMinter {
  readonly #shardIndex: number;
  readonly #prefix: bigint;
  readonly #creationSeconds: number;
  #cachedSeconds = -1;
  #cachedBase = 0n;

  constructor(shardIndex: number, creationSeconds: number) {
    this.#shardIndex = shardIndex;
    this.#creationSeconds = creationSeconds;
    this.#prefix =
      (2n << 184n) |
      (BigInt(creationSeconds) << 148n) |
      (BigInt(shardIndex & 0xf) << 144n) |
      (BigInt(shardIndex) << 4n) |
      2n;
  }

  get starting(): SequenceNumber {
    return this.of(0, this.#creationSeconds * 1000);
  }

  of(index: number, arrivalMs: number): SequenceNumber {
    return this.#value(BigInt(index), arrivalMs).toString();
  }

  /**
   * A number between the record at `lastIndex` and the next one. `AT` and `AFTER` resume from it
   * alike. Rises with time even when nothing is put.
   */
  continuation(lastIndex: number, nowMs: number): SequenceNumber {
    return (this.#value(BigInt(lastIndex), nowMs) | continuationBit).toString();
  }

  ending(closedMs: number): SequenceNumber {
    return this.#value(endingIndex, closedMs).toString();
  }

  /** The content of the number, or why it is not a position in this shard. */
  parse(sequenceNumber: SequenceNumber): SequenceParts | 'malformed' | 'other_shard' {
    if (!/^[1-9]\d{54,55}$/.test(sequenceNumber)) return 'malformed';
    const value = BigInt(sequenceNumber);
    if (value >> 184n !== 2n || (value & 0xfn) !== 2n) return 'malformed';
    if (((value >> 4n) & 0xffff_ffffn) !== BigInt(this.#shardIndex)) return 'other_shard';
    if (((value >> 148n) & 0xf_ffff_ffffn) !== BigInt(this.#creationSeconds)) return 'other_shard';
    return {
      index: Number((value >> 80n) & 0xffff_ffff_ffff_ffffn),
      isContinuation: (value & continuationBit) !== 0n,
    };
  }

  #value(index: bigint, timeMs: number): bigint {
    const seconds = Math.floor(timeMs / 1000);
    if (seconds !== this.#cachedSeconds) {
      this.#cachedSeconds = seconds;
      this.#cachedBase = this.#prefix | (BigInt(seconds) << 36n);
    }
    return this.#cachedBase + (index << 80n);
  }
}
