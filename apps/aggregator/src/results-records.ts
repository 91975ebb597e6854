import {
  bucketHashKey,
  bucketPartitionKey,
  encodeResultsLine,
  encodeResultsRecord,
  resultsBucket,
  resultsBucketsCount,
  type OutgoingRecord,
  type Progress,
  type WindowPartial,
} from '@highwater/model';

/** Kinesis meters puts in units of 25 KB, so records are filled up to that size. */
const recordBytesTarget = 25_000;

const hashKeys = Array.from({ length: resultsBucketsCount }, (_, bucket) => bucketHashKey(bucket));

interface OpenRecord {
  readonly lines: string[];
  characters: number;
}

/**
 * Packs partials into records. All partials of a view row go to the bucket of the row, and
 * therefore to one shard of the results stream. Holds at most one incomplete record per bucket.
 */
export class PartialPacker {
  readonly #open = new Map<number, OpenRecord>();
  #full: OutgoingRecord[] = [];

  /** Records that are ready. */
  get fullCount(): number {
    return this.#full.length;
  }

  add(partial: WindowPartial): void {
    const bucket = resultsBucket(partial.view, partial.series);
    const line = encodeResultsLine({ kind: 'partial', partial });
    const open = this.#open.get(bucket);
    if (open === undefined || open.characters + line.length >= recordBytesTarget) {
      if (open) this.#full.push(outgoing(bucket, open.lines));
      this.#open.set(bucket, { lines: [line], characters: line.length });
      return;
    }
    open.lines.push(line);
    open.characters += line.length + 1;
  }

  /** Returns the full records. */
  takeFull(): readonly OutgoingRecord[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Returns all records, full or not. */
  takeAll(): readonly OutgoingRecord[] {
    for (const [bucket, { lines }] of this.#open) this.#full.push(outgoing(bucket, lines));
    this.#open.clear();
    return this.takeFull();
  }
}

/** A progress marker for every bucket, and so for every shard of the results stream. */
export function packProgress(progress: Progress): readonly OutgoingRecord[] {
  const data = encodeResultsRecord([encodeResultsLine({ kind: 'progress', progress })]);
  return hashKeys.map((_, bucket) => ({ ...placeOf(bucket), data }));
}

function outgoing(bucket: number, lines: readonly string[]): OutgoingRecord {
  return { ...placeOf(bucket), data: encodeResultsRecord(lines) };
}

function placeOf(bucket: number): Omit<OutgoingRecord, 'data'> {
  return { partitionKey: bucketPartitionKey(bucket), explicitHashKey: hashKeys[bucket] };
}
