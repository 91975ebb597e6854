import {
  bucketHashKey,
  encodeResultsLine,
  resultsBucket,
  resultsBucketsCount,
  type OutgoingRecord,
  type Progress,
  type WindowPartial,
} from '@highwater/model';

/** Kinesis meters puts in units of 25 KB, so a record is filled up to one. */
const recordBytesTarget = 25_000;

const encoder = new TextEncoder();
const hashKeys = Array.from({ length: resultsBucketsCount }, (_, bucket) => bucketHashKey(bucket));

/**
 * Packs partials into records: all partials of a view row go to the bucket of the row, and so to one
 * shard of the results stream. Holds at most one record of each bucket that is not full yet.
 */
export class PartialPacker {
  readonly #texts = new Map<number, string>();
  #full: OutgoingRecord[] = [];

  /** Records that are ready. */
  get fullCount(): number {
    return this.#full.length;
  }

  add(partial: WindowPartial): void {
    const bucket = resultsBucket(partial.view, partial.series);
    const line = encodeResultsLine({ kind: 'partial', partial });
    const text = this.#texts.get(bucket);
    if (text === undefined) {
      this.#texts.set(bucket, line);
    } else if (text.length + line.length >= recordBytesTarget) {
      this.#full.push(outgoing(bucket, encoder.encode(text)));
      this.#texts.set(bucket, line);
    } else {
      this.#texts.set(bucket, `${text}\n${line}`);
    }
  }

  /** Gives the records that are full. */
  takeFull(): readonly OutgoingRecord[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Gives all records, full or not. */
  takeAll(): readonly OutgoingRecord[] {
    for (const [bucket, text] of this.#texts) {
      this.#full.push(outgoing(bucket, encoder.encode(text)));
    }
    this.#texts.clear();
    return this.takeFull();
  }
}

/** A progress marker for every bucket, and so for every shard of the results stream. */
export function packProgress(progress: Progress): readonly OutgoingRecord[] {
  const data = encoder.encode(encodeResultsLine({ kind: 'progress', progress }));
  return hashKeys.map((_, bucket) => outgoing(bucket, data));
}

function outgoing(bucket: number, data: Uint8Array): OutgoingRecord {
  return { partitionKey: `bucket-${bucket}`, explicitHashKey: hashKeys[bucket], data };
}
