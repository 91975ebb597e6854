import { Encoder, Tag } from 'cbor-x';
import type { WireFormat } from './wire-format.ts';

const codec = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: false,
});
const timeTag = 1;

/**
 * CBOR 1.1, as the SDK for Java speaks it: blobs are byte strings, timestamps are tag 1 with whole
 * milliseconds, where the tag means seconds everywhere else.
 */
export const cborFormat: WireFormat = {
  contentType: 'application/x-amz-cbor-1.1',
  decode: (body) => codec.decode(body) as unknown,
  encode: (value) => codec.encode(withoutUndefined(value)),
  readBlob: (value) => (value instanceof Uint8Array ? value : undefined),
  readTimeMs: (value) => {
    // The decoder took the milliseconds for seconds.
    if (value instanceof Date) return Math.round(value.getTime() / 1000);
    return typeof value === 'number' ? value : undefined;
  },
  blob: (bytes) => bytes,
  time: (timeMs) => new Tag(timeMs, timeTag),
};

/** JSON leaves out members that are undefined; CBOR has a value for them that clients do not expect. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (!isPlain(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutUndefined(member)]));
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && value.constructor === Object;
}
