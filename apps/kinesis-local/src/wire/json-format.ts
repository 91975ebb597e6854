import type { WireFormat } from './wire-format.ts';

/** JSON 1.1, as most SDKs speak it: blobs are base64, timestamps are seconds with a fraction. */
export const jsonFormat: WireFormat = {
  contentType: 'application/x-amz-json-1.1',
  decode: (body) => JSON.parse(body.toString()) as unknown,
  encode: (value) => JSON.stringify(value),
  readBlob: (value) => {
    if (typeof value !== 'string' || value.length % 4 !== 0) return undefined;
    const bytes = Buffer.from(value, 'base64');
    // Node skips what is not base64, so a text that holds such gives fewer bytes than its length says.
    return bytes.length === Buffer.byteLength(value, 'base64') ? bytes : undefined;
  },
  readTimeMs: (value) => (typeof value === 'number' ? Math.round(value * 1000) : undefined),
  blob: (bytes) => bytes.toString('base64'),
  time: (timeMs) => timeMs / 1000,
};
