import { crc32 } from 'node:zlib';

/** One record as the log returns it; `data` is a view that stays valid and must not be changed. */
export interface LoggedRecord {
  readonly index: number;
  readonly arrivalMs: number;
  readonly partitionKey: string;
  readonly data: Buffer;
}

/**
 * A record in the log, both in memory and in files:
 *
 *     CRC-32 of the rest (4) | data bytes (4) | key bytes (2) | index (6) | arrival ms (8) | key | data
 */
export const frameHeaderBytes = 24;

/** Writes a frame and returns its length. The caller must have reserved the space. */
export function writeFrame(
  bytes: Buffer,
  offset: number,
  record: {
    readonly index: number;
    readonly arrivalMs: number;
    readonly partitionKey: string;
    readonly data: Uint8Array;
  },
): number {
  const { data } = record;
  const keyBytes = bytes.write(record.partitionKey, offset + frameHeaderBytes);
  bytes.writeUInt32BE(data.length, offset + 4);
  bytes.writeUInt16BE(keyBytes, offset + 8);
  bytes.writeUIntBE(record.index, offset + 10, 6);
  bytes.writeDoubleBE(record.arrivalMs, offset + 16);
  bytes.set(data, offset + frameHeaderBytes + keyBytes);
  return frameHeaderBytes + keyBytes + data.length;
}

/** Adds the checksum to a frame that will be stored in a file. */
export function sealFrame(bytes: Buffer, offset: number, length: number): void {
  bytes.writeUInt32BE(crc32(bytes.subarray(offset + 4, offset + length)), offset);
}

/** Reads a frame that is known to be complete. */
export function readFrame(bytes: Buffer, offset: number): LoggedRecord {
  const keyStart = offset + frameHeaderBytes;
  const dataStart = keyStart + bytes.readUInt16BE(offset + 8);
  return {
    index: bytes.readUIntBE(offset + 10, 6),
    arrivalMs: readArrivalMs(bytes, offset),
    partitionKey: bytes.toString('utf8', keyStart, dataStart),
    data: bytes.subarray(dataStart, dataStart + bytes.readUInt32BE(offset + 4)),
  };
}

/** The arrival time of a frame, without reading the rest. */
export function readArrivalMs(bytes: Buffer, offset: number): number {
  return bytes.readDoubleBE(offset + 16);
}

/** Length of the frame at this offset; undefined when the bytes end before it does. */
export function frameLength(bytes: Buffer, offset: number): number | undefined {
  if (offset + frameHeaderBytes > bytes.length) return undefined;
  const length = frameHeaderBytes + bytes.readUInt16BE(offset + 8) + bytes.readUInt32BE(offset + 4);
  return offset + length <= bytes.length ? length : undefined;
}

/**
 * Length of the frame at this offset if it is complete, undamaged, and the frame of the record with
 * this index; otherwise undefined.
 */
export function intactLength(bytes: Buffer, offset: number, index: number): number | undefined {
  const length = frameLength(bytes, offset);
  if (length === undefined || bytes.readUIntBE(offset + 10, 6) !== index) return undefined;
  const isIntact =
    crc32(bytes.subarray(offset + 4, offset + length)) === bytes.readUInt32BE(offset);
  return isIntact ? length : undefined;
}
