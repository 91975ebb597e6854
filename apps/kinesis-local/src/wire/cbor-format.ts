import { Encoder, Tag } from 'cbor-x';
import type { WireFormat } from './wire-format.ts';

const codec = new Encoder({ useRecords: false, mapsAsObjects: true, tagUint8Array: false });
const timeTag = 1;

/**
 * CBOR 1.1, as the SDK for Java speaks it: blobs are byte strings, timestamps are tag 1 with whole
 * milliseconds, where the tag means seconds everywhere else.
 */
export const cborFormat: WireFormat = {
  contentType: 'application/x-amz-cbor-1.1',
  decode: (body) => codec.decode(body) as unknown,
  encode: (value) => codec.encode(value),
  readBlob: (value) => (value instanceof Uint8Array ? value : undefined),
  readTimeMs: (value) => {
    // The decoder took the milliseconds for seconds.
    if (value instanceof Date) return Math.round(value.getTime() / 1000);
    return typeof value === 'number' ? value : undefined;
  },
  blob: (bytes) => bytes,
  time: (timeMs) => new Tag(timeMs, timeTag),
};
