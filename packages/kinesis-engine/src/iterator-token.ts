/** The content of a shard iterator. */
export interface IteratorPosition {
  readonly streamName: string;
  readonly streamCreatedMs: number;
  readonly shardId: string;
  /** Index of the record to read next. */
  readonly index: number;
  readonly issuedMs: number;
}

const version = 'hw1';

/** The iterator as clients see it: opaque, and within their limit of 512 characters. */
export function encodeIterator(position: IteratorPosition): string {
  const { streamName, streamCreatedMs, shardId, index, issuedMs } = position;
  const text = [version, streamName, streamCreatedMs, shardId, index, issuedMs].join('/');
  return Buffer.from(text).toString('base64');
}

/** @returns undefined when the text is not an iterator of this server */
export function decodeIterator(iterator: string): IteratorPosition | undefined {
  const [start, streamName, createdMs, shardId, index, issuedMs, ...rest] = Buffer.from(
    iterator,
    'base64',
  )
    .toString()
    .split('/');
  if (start !== version || !streamName || !shardId || !issuedMs || rest.length > 0)
    return undefined;
  const position = {
    streamName,
    streamCreatedMs: Number(createdMs),
    shardId,
    index: Number(index),
    issuedMs: Number(issuedMs),
  };
  return encodeIterator(position) === iterator ? position : undefined;
}
