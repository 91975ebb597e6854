import {
  bucketHashKey,
  encodeResultsLine,
  resultsBucket,
  resultsBucketsCount,
  seriesKey,
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
 * shard of the results stream.
 */
export function packPartials(partials: readonly WindowPartial[]): readonly OutgoingRecord[] {
  const linesByBucket = new Map<number, string[]>();
  for (const partial of partials) {
    const bucket = resultsBucket(partial.view, seriesKey(partial.series));
    const line = encodeResultsLine({ kind: 'partial', partial });
    const lines = linesByBucket.get(bucket);
    if (lines) lines.push(line);
    else linesByBucket.set(bucket, [line]);
  }
  const records: OutgoingRecord[] = [];
  for (const [bucket, lines] of linesByBucket) packLines(bucket, lines, records);
  return records;
}

/** A progress marker for every bucket, and so for every shard of the results stream. */
export function packProgress(progress: Progress): readonly OutgoingRecord[] {
  const data = encoder.encode(encodeResultsLine({ kind: 'progress', progress }));
  return hashKeys.map((_, bucket) => outgoing(bucket, data));
}

function packLines(bucket: number, lines: readonly string[], records: OutgoingRecord[]): void {
  let text = '';
  for (const line of lines) {
    if (text !== '' && text.length + line.length >= recordBytesTarget) {
      records.push(outgoing(bucket, encoder.encode(text)));
      text = '';
    }
    text += text === '' ? line : `\n${line}`;
  }
  records.push(outgoing(bucket, encoder.encode(text)));
}

function outgoing(bucket: number, data: Uint8Array): OutgoingRecord {
  return { partitionKey: `bucket-${bucket}`, explicitHashKey: hashKeys[bucket], data };
}
