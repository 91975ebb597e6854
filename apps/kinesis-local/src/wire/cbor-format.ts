import { decodeCbor } from './decode-cbor.ts';
import { CborTime, encodeCbor } from './encode-cbor.ts';
import type { WireFormat } from './wire-format.ts';

/**
 * CBOR 1.1, as the SDKs for Java speak it: blobs are byte strings, timestamps are tag 1 with whole
 * milliseconds, where the tag means seconds everywhere else.
 */
export const cborFormat: WireFormat = {
  contentType: 'application/x-amz-cbor-1.1',
  decode: decodeCbor,
  encode: encodeCbor,
  readBlob: (value) => (value instanceof Uint8Array ? value : undefined),
  readTimeMs: (value) =>
    typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined,
  blob: (bytes) => bytes,
  time: (timeMs) => new CborTime(timeMs),
};
