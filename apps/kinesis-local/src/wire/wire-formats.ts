import type { BodyFormat } from '@highwater/aws-json';
import { decodeCbor } from './decode-cbor.ts';
import { CborTime, encodeCbor } from './encode-cbor.ts';

/** A body's encoding: how it represents values that JSON lacks. */
export interface WireFormat extends BodyFormat {
  /** The bytes of a blob, or undefined when the value is not one. */
  readBlob(value: unknown): Uint8Array | undefined;
  /** A timestamp in ms, or undefined when the value is not one. */
  readTimeMs(value: unknown): number | undefined;
  blob(bytes: Buffer): unknown;
  time(timeMs: number): unknown;
}

/** JSON 1.1, used by most SDKs: blobs are base64, timestamps are seconds with a fraction. */
export const jsonFormat: WireFormat = {
  contentType: 'application/x-amz-json-1.1',
  decode: (body) => JSON.parse(body.toString()) as unknown,
  encode: (value) => JSON.stringify(value),
  readBlob: (value) => {
    if (typeof value !== 'string' || value.length % 4 !== 0) return undefined;
    const bytes = Buffer.from(value, 'base64');
    // Node skips characters that are not base64, so such a text gives fewer bytes than its length
    // implies.
    return bytes.length === Buffer.byteLength(value, 'base64') ? bytes : undefined;
  },
  readTimeMs: (value) => (typeof value === 'number' ? Math.round(value * 1000) : undefined),
  blob: (bytes) => bytes.toString('base64'),
  time: (timeMs) => timeMs / 1000,
};

/**
 * CBOR 1.1, used by the SDKs for Java: blobs are byte strings, timestamps are tag 1 with whole
 * milliseconds, although the tag means seconds everywhere else.
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
